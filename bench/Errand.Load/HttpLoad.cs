using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Errand.Load;

/// <summary>The real server beside a bare Kestrel endpoint in a process of its own, both driven by wrk on the same cores, alternating.</summary>
internal sealed partial class HttpLoad(Report report, string executable)
{
    private const int Rounds = 3;
    private const int Connections = 64;
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly string Body = $$"""{"type":"bench.noop","input":"{{new string('x', 198)}}"}""";

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("errand-bench-").FullName;
        try
        {
            await MeasureAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What <see cref="MeasureAsync"/> compares with: the same bytes, no Errand.</summary>
    public static async Task ServeBareAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, 12).ToDictionary(n => $"member{n}", n => new string('v', 28)));
        app.MapGet("/json", (HttpContext context) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes).AsTask();
        });
        app.MapPost("/read", async (HttpContext context) =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            context.Response.StatusCode = 202;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(bytes);
        });
        await app.RunAsync();
    }

    private async Task MeasureAsync(string folder)
    {
        var (serverUrl, bareUrl) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var token = await RunAsync(executable, "token", "create", "--subject", "bench", "--data", folder, "--scopes", "jobs.submit jobs.read queues.manage", "-o", "id");
        using var bare = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["bare", bareUrl]))!;
        var started = Time.GetTimestamp();
        var config = Path.Combine(folder, "errand.json");
        await File.WriteAllTextAsync(config, """{"types":{"bench.noop":{"handler":"command","command":["true"]},"bench.sleep":{"handler":"command","command":["sleep","600"]}}}""");
        using var server = Process.Start(new ProcessStartInfo(executable, ["serve", "--urls", serverUrl, "--data", folder, "--config", config]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(serverUrl) };
            await ReadyAsync(client, "/livez");
            report.Add("start to first answer", Time.GetElapsedTime(started).TotalMilliseconds, "ms");
            await ReadyAsync(client, "/readyz");
            await ReadyAsync(new HttpClient { BaseAddress = new Uri(bareUrl) }, "/json");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            await IdleAsync(server);
            var (terminal, etag) = await SubmitAsync(client, "bench.noop", wait: true);
            var (running, _) = await SubmitAsync(client, "bench.sleep", wait: false);
            var auth = $"Authorization: Bearer {token}";
            await CompareAsync("GET status, terminal", $"{serverUrl}/v1/jobs/{terminal}", $"{bareUrl}/json", [auth]);
            await CompareAsync("GET status, running", $"{serverUrl}/v1/jobs/{running}", $"{bareUrl}/json", [auth]);
            await CompareAsync("GET status, 304", $"{serverUrl}/v1/jobs/{terminal}", $"{bareUrl}/json", [auth, $"If-None-Match: {etag}"]);
            await RunAsync(executable, "api", "PATCH", "/v1/queues/default", "-d", """{"paused":true}""", "--url", serverUrl, "--token", token);
            await ComparePostAsync(folder, $"{serverUrl}/v1/jobs", $"{bareUrl}/read", auth);
        }
        finally
        {
            server.Kill();
            bare.Kill();
            await Task.WhenAll(server.WaitForExitAsync(), bare.WaitForExitAsync());
        }
    }

    private async Task IdleAsync(Process server)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), Time);
        server.Refresh();
        var (before, since) = (server.TotalProcessorTime, Time.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(10), Time);
        server.Refresh();
        report.Add("idle server, CPU", (server.TotalProcessorTime - before) / Time.GetElapsedTime(since) * 100, "% of a core");
        report.Add("idle server, memory", server.WorkingSet64 / 1048576.0, "MiB");
    }

    private async Task CompareAsync(string name, string ours, string bare, string[] headers, string? script = null)
    {
        var (mine, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            mine.Add(await WrkAsync(ours, headers, script));
            theirs.Add(await WrkAsync(bare, [], script));
        }

        report.Compare(name, Median(mine), "bare Kestrel", Median(theirs), "requests/s");
    }

    private async Task ComparePostAsync(string folder, string ours, string bare, string auth)
    {
        var script = Path.Combine(folder, "post.lua");
        await File.WriteAllTextAsync(script, $"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.body = '{Body}'
            """);
        await CompareAsync($"POST /v1/jobs, {Connections} connections, durable", ours, bare, [auth], script);
    }

    private static async Task<double> WrkAsync(string url, string[] headers, string? script)
    {
        string[] arguments = ["-t1", $"-c{Connections}", "-d4s", .. headers.SelectMany(header => new[] { "-H", header }), .. script is null ? Array.Empty<string>() : ["-s", script], url];
        var said = await RunAsync("wrk", arguments);
        if (said.Contains("Non-2xx", StringComparison.Ordinal) && !headers.Any(h => h.StartsWith("If-None-Match", StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"wrk {url} met errors:\n{said}");
        }

        return double.Parse(RequestsPerSecond().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<(string Id, string ETag)> SubmitAsync(HttpClient client, string type, bool wait)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = JsonContent.Create(new { type }) };
        if (wait) request.Headers.Add("Prefer", "wait=20");
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        if (!wait) await Task.Delay(TimeSpan.FromMilliseconds(500), Time);
        using var status = await client.GetAsync(new Uri($"/v1/jobs/{id}", UriKind.Relative));
        return (id, status.Headers.ETag!.ToString());
    }

    private static async Task ReadyAsync(HttpClient client, string path)
    {
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), Time);
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex RequestsPerSecond();
}
