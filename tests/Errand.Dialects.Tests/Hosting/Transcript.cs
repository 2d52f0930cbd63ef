using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Errand.Dialects.Tests;

/// <summary>
/// What went over the wire, as a text that a test holds equal to <c>Transcripts/{dialect}/{scenario}.http</c>. What differs from run to run – host, ids, tokens – is numbered in order of
/// appearance. After an intended change: run the tests with <c>ERRAND_ACCEPT=1</c> and review the diff.
/// </summary>
public sealed partial class Transcript
{
    private static readonly string[] Unstable = ["Date", "Server", "Transfer-Encoding", "Content-Length"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int BodyShownMax = 20_000;

    private readonly StringBuilder text = new();

    /// <summary>Whether the server spreads its <c>Retry-After</c> by chance, so that the number is not written.</summary>
    public bool SpreadsRetryAfter { get; set; }

    /// <summary>Writes a heading between exchanges.</summary>
    public void Note(string sentence) => text.Append("### ").Append(sentence).Append("\n\n");

    /// <summary>Forgets what was written so far: preparations.</summary>
    public void Clear() => text.Clear();

    public HttpMessageHandler Around(HttpMessageHandler inner) => new Writer(this) { InnerHandler = inner };

    /// <summary>Compares with the checked-in text, or writes it when accepting.</summary>
    public void Verify(string dialect, string scenario, [CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!Directory.Exists(Path.Combine(folder.FullName, "Transcripts"))) folder = folder.Parent!;
        var file = Path.Combine(folder.FullName, "Transcripts", dialect, scenario + ".http");
        var actual = Stable(text.ToString());
        if (Environment.GetEnvironmentVariable("ERRAND_ACCEPT") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"There is no transcript {dialect}/{scenario}.http yet. Run with ERRAND_ACCEPT=1 and review it.");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    private void Add(HttpRequestMessage request, byte[] sent, HttpResponseMessage response, byte[] received)
    {
        text.Append(request.Method).Append(' ').Append(request.RequestUri!.PathAndQuery).Append(" HTTP/1.1\n");
        AddHeaders(request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()));
        AddBody(sent, request.Content?.Headers.ContentType?.MediaType);
        text.Append("HTTP/1.1 ").Append((int)response.StatusCode).Append('\n');
        AddHeaders(response.Headers.Concat(response.Content.Headers));
        AddBody(received, response.Content.Headers.ContentType?.MediaType);
    }

    private void AddHeaders(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers)
    {
        foreach (var (name, values) in headers.Where(h => !Unstable.Contains(h.Key)).OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            foreach (var value in values) text.Append(name).Append(": ").Append(Shown(name, value)).Append('\n');
        }

        text.Append('\n');
    }

    private void AddBody(byte[] body, string? mediaType)
    {
        if (body.Length == 0) return;
        if (body.Length > BodyShownMax)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"… {body.Length} bytes …\n\n");
            return;
        }

        var content = Encoding.UTF8.GetString(body);
        if (mediaType?.EndsWith("json", StringComparison.Ordinal) == true && TryPretty(content) is { } pretty) content = pretty;
        text.Append(content).Append("\n\n");
    }

    private string Shown(string name, string value) => name switch
    {
        "Authorization" => Hidden(value),
        "Retry-After" when SpreadsRetryAfter => "…",
        _ => value,
    };

    private static string Hidden(string credentials) => credentials.Split(' ')[0] + " …";

    private static string? TryPretty(string json)
    {
        try
        {
            return JsonNode.Parse(json)?.ToJsonString(Indented).ReplaceLineEndings("\n");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Stable(string text)
    {
        text = Loopback().Replace(text, "errand.example");
        text = Sealed().Replace(text, "${name}=…");
        text = TraceId().Replace(text, "\"traceId\": \"…\"");
        text = Uuid().Replace(text, Numbering(n => $"00000000-0000-4000-8000-{n:000000000000}"));
        return MadeId().Replace(text, Numbering(n => $"0195{n:0000}00007000800000000000{n:0000}"));
    }

    private static MatchEvaluator Numbering(Func<int, string> name)
    {
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        return match =>
        {
            if (!seen.TryGetValue(match.Value, out var known)) seen[match.Value] = known = name(seen.Count + 1);
            return known;
        };
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.None, 1000)]
    private static partial Regex Loopback();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", RegexOptions.None, 1000)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"(?<name>\?token|\$next)=[A-Za-z0-9_-]{20,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sealed();

    [GeneratedRegex("\"traceId\": \"[0-9a-f]{32}\"", RegexOptions.None, 1000)]
    private static partial Regex TraceId();

    // UUIDv7, which a server makes; ids of other versions are the test's own and stay.
    [GeneratedRegex(@"(?<![0-9a-f])[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}(?![0-9a-f])", RegexOptions.None, 1000)]
    private static partial Regex MadeId();

    private sealed class Writer(Transcript transcript) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            transcript.Add(request, sent, response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return response;
        }
    }
}
