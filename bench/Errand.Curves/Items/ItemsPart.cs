using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Errand.Curves.Machinery;

namespace Errand.Curves.Items;

/// <summary>
/// One job with a million items: uploaded as one stream of lines, submitted, read by its worker as one stream, and answered item by item, a
/// thousand a request. How fast each goes, and how much memory the server takes for it.
/// </summary>
internal sealed class ItemsPart(Figures figures, string executable, int items)
{
    private const string Type = "bench.wait";
    private const int PerRequest = 1_000;
    private static readonly TimeProvider Time = TimeProvider.System;

    public async Task RunAsync()
    {
        foreach (var make in Store.All) await MeasureAsync(make);
    }

    private async Task MeasureAsync(Func<Store> make)
    {
        await using var store = make();
        var token = (await store.PrepareAsync(1))[0];
        await using var server = await PublishedServer.StartAsync(executable, store, token);

        // A small job first: it makes code and buffers ready.
        await LifeAsync(server, Math.Min(items, 20_000));
        var held = server.ResidentBytes;
        server.ForgetPeak();
        var (upload, read, reported) = await LifeAsync(server, items);
        var least = store.Connection is null ? 100_000 : 60_000;
        var what = $"{store.Name}, a job of {items:N0} items";
        figures.AtLeast($"{what}: uploaded and submitted", items / upload.TotalSeconds, least, "items/s");
        figures.AtLeast($"{what}: read by its worker", items / read.TotalSeconds, least, "items/s");
        figures.Add($"{what}: outcomes stored", items / reported.TotalSeconds, "items/s");
        figures.AtMost($"{what}: memory of the server at most, beyond {held >> 20} MB", (server.PeakBytes - held) / 1048576.0, 64, "MB");
    }

    private static async Task<(TimeSpan Upload, TimeSpan Read, TimeSpan Reported)> LifeAsync(PublishedServer server, int items)
    {
        var begun = Time.GetTimestamp();
        using var lines = new Lines(items);
        using var sent = await server.Client.PostAsync(new Uri("/v1/uploads", UriKind.Relative), lines);
        var answer = JsonNode.Parse(await sent.Content.ReadAsStringAsync())!;
        if (answer["items"]?.GetValue<int>() != items) throw new InvalidOperationException($"The upload was answered with {answer}");
        var submitted = await server.SendAsync(HttpMethod.Post, "/v1/jobs", new JsonObject { ["type"] = Type, ["itemsFrom"] = answer["id"]!.GetValue<string>() });
        var upload = Time.GetElapsedTime(begun);
        var opened = await server.SendAsync(HttpMethod.Post, "/v1/worker-sessions", new JsonObject { ["worker"] = "bench", ["types"] = new JsonArray(Type) });
        var session = $"/v1/worker-sessions/{opened["id"]!.GetValue<string>()}";
        var lease = (await server.SendAsync(HttpMethod.Post, $"{session}/claim"))["jobs"]![0]!["lease"]!.GetValue<string>();

        using var stop = new CancellationTokenSource();
        var beating = Task.Run(() => BeatAsync(server, session, lease, stop.Token));
        begun = Time.GetTimestamp();
        if (await CountAsync(server, session, lease) != items) throw new InvalidOperationException("The worker did not get every item.");
        var read = Time.GetElapsedTime(begun);
        begun = Time.GetTimestamp();
        for (var first = 0; first < items; first += PerRequest) await ReportAsync(server, session, lease, first, Math.Min(PerRequest, items - first));
        var reported = Time.GetElapsedTime(begun);
        await stop.CancelAsync();
        await beating;
        var outcome = new JsonObject { ["lease"] = lease, ["outcome"] = "succeeded" };
        await server.SendAsync(HttpMethod.Post, $"{session}/settle", new JsonObject { ["settlements"] = new JsonArray(outcome) });
        var job = await server.SendAsync(HttpMethod.Get, $"/v1/jobs/{submitted["id"]!.GetValue<string>()}");
        if (job["progress"]?["completed"]?.GetValue<long>() != items) throw new InvalidOperationException($"The job does not know its items: {job}");
        return (upload, read, reported);
    }

    private static async Task BeatAsync(PublishedServer server, string session, string lease, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), Time);
        while (!stop.IsCancellationRequested)
        {
            await server.SendAsync(HttpMethod.Post, $"{session}/beat", new JsonObject { ["leases"] = new JsonArray(new JsonObject { ["lease"] = lease }) });
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static async Task<int> CountAsync(PublishedServer server, string session, string lease)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{session}/inputs");
        request.Headers.Add("Errand-Lease", lease);
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (buffer, lines) = (new byte[128 * 1024], 0);
        for (var read = await body.ReadAsync(buffer); read > 0; read = await body.ReadAsync(buffer)) lines += buffer.AsSpan(0, read).Count((byte)'\n');
        return lines;
    }

    private static async Task ReportAsync(PublishedServer server, string session, string lease, int first, int count)
    {
        var text = new System.Text.StringBuilder($$"""{"lease":"{{lease}}","items":[""");
        for (var n = first; n < first + count; n++) text.Append(n == first ? "" : ",").Append($$$"""{"index":{{{n}}},"status":"succeeded","result":{"row":{{{n}}}}}""");
        using var content = new StringContent(text.Append("]}").ToString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync(new Uri($"{session}/items", UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The items, made while they are sent: the client holds none of them either.</summary>
    private sealed class Lines : HttpContent
    {
        private readonly int _items;

        public Lines(int items)
        {
            _items = items;
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, bufferSize: 64 * 1024, leaveOpen: true);
            for (var n = 0; n < _items; n++) await writer.WriteAsync($$"""{"id":{{n}},"name":"customer {{n}}","amount":{{n % 1000}}}""" + "\n");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
