using Errand.Configuration;

namespace Errand.AspNetCore;

/// <summary>The API's options as the app's configuration names them.</summary>
internal static class ErrandApiSection
{
    public const string Name = "Errand:Api";

    public static readonly SectionKey<ErrandApiOptions>[] Keys =
    [
        SectionKey.Url<ErrandApiOptions>("PublicBaseUrl", "https://jobs.example.com", (options, value) => options.PublicBaseUrl = value),
        SectionKey.Time<ErrandApiOptions>("WaitMax", "00:00:30", (options, value) => options.WaitMax = value),
        SectionKey.Number<ErrandApiOptions>("BodyBytesMax", "1048576", (options, value) => options.BodyBytesMax = value),
        SectionKey.Number<ErrandApiOptions>("UploadBytesMax", "1073741824", (options, value) => options.UploadBytesMax = value),
        SectionKey.Count<ErrandApiOptions>("StreamsPerCallerMax", "100", (options, value) => options.StreamsPerCallerMax = value),
        SectionKey.Count<ErrandApiOptions>("WaitsPerCallerMax", "500", (options, value) => options.WaitsPerCallerMax = value),
        SectionKey.Time<ErrandApiOptions>("EventHeartbeat", "00:00:15", (options, value) => options.EventHeartbeat = value),
        SectionKey.Flag<ErrandApiOptions>("RequireIfMatch", (options, value) => options.RequireIfMatch = value),
        SectionKey.Url<ErrandApiOptions>("ProblemPages", "https://docs.example.com/problems/", (options, value) => options.ProblemPages = value),
        SectionKey.Text<ErrandApiOptions>("SecurityContact", "mailto:security@example.com", (options, value) => options.SecurityContact = value),
    ];
}
