using Errand.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Errand.AspNetCore;

/// <summary>Absolute URLs of answers.</summary>
/// <param name="Base">Scheme, host and path base, without a slash at the end.</param>
/// <param name="Root">The same with the prefix of the API.</param>
internal readonly record struct ApiUrls(string Base, string Root)
{
    public string Job(JobId id) => $"{Root}/jobs/{id}";

    /// <summary>What <c>Location</c> of a 202 points at.</summary>
    public string Location(JobId id) => LocationIsStatus ? Job(id) : Result(id);

    /// <summary>As the mount is set.</summary>
    public bool LocationIsStatus { get; init; }

    public string Result(JobId id) => $"{Root}/jobs/{id}/result";

    public string Output(JobId id, string output, string format) => $"{Root}/jobs/{id}/outputs/{output}?format={Uri.EscapeDataString(format)}";

    public string Upload(string id) => $"{Root}/uploads/{id}";

    public string Session(string id) => $"{Root}/worker-sessions/{id}";

    public JobLinks Links(JobId id)
    {
        var self = Job(id);
        return new JobLinks(self, self + "/result", self + "/events", self + "/cancel");
    }
}

/// <summary>Makes the URLs of requests. Nearly all of them come by the same name, so the latest is kept.</summary>
internal sealed class ApiUrlSource(string prefix, ErrandApiOptions options, bool locationIsStatus = false)
{
    /// <summary>The path of the mount, from the root of the app. Told by its routes once they are built: a group may lie around it.</summary>
    public string Prefix { get; set; } = prefix;

    private readonly string? origin = options.PublicBaseUrl?.AbsoluteUri.TrimEnd('/');
    private Latest? latest;

    public ApiUrls For(HttpRequest request)
    {
        if (origin is not null) return new ApiUrls(origin, origin + Prefix) { LocationIsStatus = locationIsStatus };
        if (latest is { } last && last.Scheme == request.Scheme && last.Host == request.Host.Value && last.PathBase == request.PathBase.Value) return last.Urls;
        var own = UriHelper.BuildAbsolute(request.Scheme, request.Host.HasValue ? request.Host : new HostString("localhost"), request.PathBase).TrimEnd('/');
        var urls = new ApiUrls(own, own + Prefix) { LocationIsStatus = locationIsStatus };
        latest = new Latest(request.Scheme, request.Host.Value, request.PathBase.Value, urls);
        return urls;
    }

    private sealed record Latest(string Scheme, string? Host, string? PathBase, ApiUrls Urls);
}
