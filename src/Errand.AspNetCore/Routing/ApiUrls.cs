using Errand.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Errand.AspNetCore;

/// <summary>Absolute URLs of answers.</summary>
/// <param name="Base">Scheme, host and path base, without a slash at the end.</param>
/// <param name="Root">The same with the prefix of the API.</param>
internal readonly record struct ApiUrls(string Base, string Root)
{
    public static ApiUrls For(HttpRequest request, string prefix, ErrandApiOptions options)
    {
        var origin = options.PublicBaseUrl is { } url ? url.AbsoluteUri.TrimEnd('/') : BaseOf(request);
        return new ApiUrls(origin, origin + prefix);
    }

    public string Job(JobId id) => $"{Root}/jobs/{id}";

    public string Result(JobId id) => $"{Root}/jobs/{id}/result";

    public string Output(JobId id, string output, string format) => $"{Root}/jobs/{id}/outputs/{output}?format={Uri.EscapeDataString(format)}";

    public string Upload(string id) => $"{Root}/uploads/{id}";

    public string Session(string id) => $"{Root}/worker-sessions/{id}";

    public JobLinks Links(JobId id)
    {
        var self = Job(id);
        return new JobLinks(self, self + "/result", self + "/events", self + "/cancel");
    }

    private static string BaseOf(HttpRequest request) =>
        UriHelper.BuildAbsolute(request.Scheme, request.Host.HasValue ? request.Host : new HostString("localhost"), request.PathBase).TrimEnd('/');
}
