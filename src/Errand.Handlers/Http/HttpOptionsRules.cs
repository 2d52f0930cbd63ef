using System.Net;

namespace Errand.Handlers;

/// <summary>Everything that is wrong with the options of the http kinds, each with the fix.</summary>
internal static class HttpOptionsRules
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "host", "connection", "content-length", "content-type", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
        "traceparent", "tracestate", "idempotency-key", "errand-job-id", "errand-attempt", "errand-item",
    };

    public static void Check(HttpHandlerOptions options, ICollection<JobFieldError> errors)
    {
        if (options.Url is null && !options.AllowCallerUrl)
            errors.Add(new("#/url", "The URL to post to is missing: \"url\": \"http://127.0.0.1:9000/export\"."));
        if (options.Url is not null && options is not HttpBatchHandlerOptions) CheckUrl(options.Url, errors);
        if (options.Method is not ("POST" or "PUT" or "PATCH")) errors.Add(new("#/method", $"The method is '{options.Method}'; POST, PUT or PATCH is expected."));
        if (options.RequestTimeout <= TimeSpan.Zero || options.RequestTimeout > TimeSpan.FromDays(1))
            errors.Add(new("#/requestTimeout", $"The time is {options.RequestTimeout}; more than zero and at most a day is expected."));
        if (options.AllowCallerUrl && string.IsNullOrEmpty(options.CallerUrlMember))
            errors.Add(new("#/callerUrlMember", "A caller may name the URL, but no member of the input is named for it: \"callerUrlMember\": \"url\"."));
        foreach (var (name, value) in options.Headers) CheckHeader(name, value, errors);
        CheckRules(options.CallerUrls, errors);
    }

    public static void CheckUrl(string url, ICollection<JobFieldError> errors)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            errors.Add(new("#/url", $"'{url}' is not an absolute http or https URL, such as 'http://127.0.0.1:9000/export'."));
        else if (uri.UserInfo.Length > 0)
            errors.Add(new("#/url", "The URL holds a password; send it as a header: \"headers\": { \"Authorization\": \"…\" }."));
    }

    private static void CheckHeader(string name, string value, ICollection<JobFieldError> errors)
    {
        var pointer = $"#/headers/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        if (name.Length is 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            errors.Add(new(pointer, $"'{name}' is not the name of a header."));
        else if (Reserved.Contains(name)) errors.Add(new(pointer, $"The header '{name}' is set by Errand; leave it out."));
        // A line break in a value would begin a header of its own on the wire.
        if (value.Any(c => c is < ' ' or > '~')) errors.Add(new(pointer, $"The value of '{name}' holds characters other than visible ASCII and space."));
    }

    private static void CheckRules(OutboundRules rules, ICollection<JobFieldError> errors)
    {
        for (var i = 0; i < rules.AllowedNetworks.Count; i++)
        {
            if (!IPNetwork.TryParse(rules.AllowedNetworks[i], out _))
                errors.Add(new($"#/callerUrls/allowedNetworks/{i}", $"'{rules.AllowedNetworks[i]}' is not a network, such as '10.20.0.0/16'."));
        }

        for (var i = 0; i < rules.AllowedPorts.Count; i++)
        {
            if (rules.AllowedPorts[i] is < 1 or > 65535) errors.Add(new($"#/callerUrls/allowedPorts/{i}", $"{rules.AllowedPorts[i]} is not a port."));
        }
    }
}
