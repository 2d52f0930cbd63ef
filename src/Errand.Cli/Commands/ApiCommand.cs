using System.CommandLine;
using System.Net.Http.Headers;
using Errand.Cli.Clients;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand api METHOD PATH</c>: any request, with the token; what the server answers is printed as it is.</summary>
internal static class ApiCommand
{
    public static Command Create(Terminal terminal)
    {
        var method = new Argument<string>("method") { Description = "GET, POST, PUT, PATCH, DELETE" };
        var path = new Argument<string>("path") { Description = "The path: /v1/jobs" };
        var data = new Option<string?>("--data", "-d")
        {
            Description = "The body: JSON, @FILE, or - for standard input",
            HelpName = "JSON",
        };
        var headers = new Option<string[]>("--header", "-H")
        {
            Description = "A header of the answer's request: 'Accept: text/csv'",
            HelpName = "NAME: VALUE",
        };
        var include = new Option<bool>("--include", "-i") { Description = "Print the status and the headers of the answer too" };
        return new ClientVerb(
            terminal, "api", "Send any request to the server.", "errand api GET /v1/stats",
            "errand api POST /v1/jobs -d '{\"type\":\"report.export\"}' -i")
        {
            method, path, data, headers, include,
        }.Does(async (run, cancellationToken) =>
        {
            using var body = await BodyAsync(run.Get(data), run.Get(method), run.Terminal, cancellationToken);
            using var response = await run.Client.SendAsync(
                new HttpMethod(run.Get(method).ToUpperInvariant()), run.Get(path), body, Pairs(run.Get(headers) ?? []), cancellationToken);
            if (run.Get(include)) Head(response, run.Terminal);
            await run.Terminal.Out.FlushAsync(cancellationToken);
            await using var output = run.Terminal.OpenOut();
            await response.Content.CopyToAsync(output, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true) output.WriteByte(
                (byte)'\n');
            return CodeOf((int)response.StatusCode);
        });
    }

    private static int CodeOf(int status) => status switch
    {
        < 400 => ExitCodes.Ok,
        401 or 403 => ExitCodes.NotAllowed,
        404 or 410 => ExitCodes.NotFound,
        409 or 412 or 428 => ExitCodes.Conflict,
        < 500 and not 429 => ExitCodes.Usage,
        429 or 502 or 503 or 504 or 507 => ExitCodes.Unreachable,
        _ => ExitCodes.Unexpected,
    };

    private static void Head(HttpResponseMessage response, Terminal terminal)
    {
        terminal.Out.WriteLine($"HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase}");
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers)) terminal.Out.WriteLine(
            $"{name}: {string.Join(", ", values)}");
        terminal.Out.WriteLine();
    }

    private static async Task<ByteArrayContent?> BodyAsync(
        string? data, string method, Terminal terminal, CancellationToken cancellationToken)
    {
        if (await Documents.ReadAsync("--data", data, terminal, cancellationToken) is not { } document) return null;
        var mediaType = method.Equals("PATCH", StringComparison.OrdinalIgnoreCase) ? "application/merge-patch+json" : "application/json";
        return new ByteArrayContent(document.Utf8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string[] headers) => headers.Select(header =>
    {
        var at = header.IndexOf(':', StringComparison.Ordinal);
        return at > 0 ? (header[..at].Trim(), header[(at + 1)..].Trim())
            : throw new CliException(ExitCodes.Usage, $"'{header}' is no header. Write 'Name: value'.");
    });
}
