namespace Errand.Server.Configuration;

/// <summary>
/// Addresses to listen on, as Kestrel takes them: <c>http://127.0.0.1:5230</c>, <c>http://*:8080</c>, <c>http://unix:/run/errand.sock</c>.
/// </summary>
public static class ListenUrl
{
    /// <summary>Where a server listens that is told nothing.</summary>
    public const string Default = "http://127.0.0.1:5230";

    /// <summary>True for an address that Kestrel takes.</summary>
    public static bool IsValid(string url)
    {
        if (url.StartsWith("http://unix:/", StringComparison.OrdinalIgnoreCase)) return true;
        var host = url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(host, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/";
    }

    /// <summary>What to say of one that it does not take.</summary>
    public static string Explain(string url) =>
        url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
            ? $"\"{url}\": the server speaks plain http; let a proxy in front of it speak https, and name it in forwardedHeaders"
            : $"\"{url}\" is not an address to listen on. Write it as {Default}";
}
