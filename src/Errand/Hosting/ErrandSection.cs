using Errand.Configuration;

namespace Errand.Hosting;

/// <summary>The engine's options as the app's configuration names them.</summary>
internal static class ErrandSection
{
    public const string Name = "Errand";

    public static readonly SectionKey<ErrandOptions>[] Keys =
    [
        SectionKey.Flag<ErrandOptions>("Start", (options, value) => options.Start = value),
        SectionKey.Time<ErrandOptions>("SessionTerm", "00:00:05", (options, value) => options.SessionTerm = value),
        SectionKey.Time<ErrandOptions>("BeatEvery", "00:00:01", (options, value) => options.BeatEvery = value),
        SectionKey.Count<ErrandOptions>("OutstandingSubmits", "10000", (options, value) => options.OutstandingSubmits = value),
        SectionKey.Number<ErrandOptions>("OutstandingSubmitBytes", "67108864", (options, value) => options.OutstandingSubmitBytes = value),
        SectionKey.Number<ErrandOptions>("OutputQuotaPerTenant", "1073741824", (options, value) => options.OutputQuotaPerTenant = value),
    ];
}
