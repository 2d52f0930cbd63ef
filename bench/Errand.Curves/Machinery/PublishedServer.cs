using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Errand.Curves.Machinery;

/// <summary>The executable as users run it, in a process of its own, on a free port of the loopback.</summary>
internal sealed class PublishedServer : IAsyncDisposable
{
    private const string Listening = "Listening on ";
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly Process _process;

    private PublishedServer(Process process, Uri url, string token)
    {
        (_process, Url) = (process, url);
        Client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Url { get; }

    public HttpClient Client { get; }

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes => ProcessMemory.ResidentBytes(_process.Id);

    /// <summary>The most it ever held, since <see cref="ForgetPeak"/>.</summary>
    public long PeakBytes => ProcessMemory.PeakBytes(_process.Id);

    public static async Task<PublishedServer> StartAsync(string executable, Store store, string token, JsonObject? types = null, JsonObject? worker = null)
    {
        var config = Path.Combine(store.Folder, "errand.json");
        var document = new JsonObject { ["types"] = types ?? new JsonObject { ["bench.wait"] = new JsonObject { ["handler"] = "none" } } };
        if (worker is not null) document["worker"] = worker;
        if (store.Section is { } section) document["storage"] = section;
        await File.WriteAllTextAsync(config, document.ToJsonString());
        var start = new ProcessStartInfo(executable, ["serve", "--urls", "http://127.0.0.1:0", "--data", store.Folder, "--config", config, "--quiet"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, said) =>
        {
            if (said.Data is null) listening.TrySetException(new InvalidOperationException($"{executable} ended before it listened."));
            else if (said.Data.StartsWith(Listening, StringComparison.Ordinal)) listening.TrySetResult(said.Data[Listening.Length..].Trim());
            else Console.Error.WriteLine(said.Data);
        };
        process.BeginOutputReadLine();
        var server = new PublishedServer(process, new Uri(await listening.Task), token);
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Waits until it does hardly anything: what was sent to it has been worked off.</summary>
    public async Task QuietAsync(double shareOfACore = 0.3)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            var (used, since) = (Processor, Time.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(1), Time);
            if ((Processor - used) / Time.GetElapsedTime(since) < shareOfACore) return;
        }

        throw new InvalidOperationException("The server did not become quiet within a minute.");
    }

    /// <summary>What share of a core it uses over this time.</summary>
    public async Task<double> ShareOfACoreAsync(TimeSpan over)
    {
        var (used, since) = (Processor, Time.GetTimestamp());
        await Task.Delay(over, Time);
        return (Processor - used) / Time.GetElapsedTime(since);
    }

    public void ForgetPeak() => ProcessMemory.ForgetPeak(_process.Id);

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path} answers {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>Submits jobs that nobody runs, 1,000 a call; their ids.</summary>
    public async Task<IReadOnlyList<string>> SubmitAsync(string type, int jobs)
    {
        var ids = new List<string>();
        while (ids.Count < jobs)
        {
            var some = Enumerable.Range(0, Math.Min(1_000, jobs - ids.Count)).Select(_ => (JsonNode)new JsonObject { ["type"] = type });
            var answer = await SendAsync(HttpMethod.Post, "/v1/jobs/batch", new JsonObject { ["items"] = new JsonArray([.. some]) });
            ids.AddRange(answer["items"]!.AsArray().Select(one => one!["job"]!["id"]!.GetValue<string>()));
        }

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadyAsync()
    {
        while (true)
        {
            using var answer = await Client.GetAsync(new Uri("/readyz", UriKind.Relative));
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), Time);
        }
    }
}
