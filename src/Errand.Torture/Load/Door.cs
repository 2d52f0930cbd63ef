using System.Net.Http.Headers;
using System.Text;
using Errand.Torture.Histories;

namespace Errand.Torture.Load;

/// <summary>The way to one node: every request through it ends in the history of its job, answered or not.</summary>
internal sealed class Door : IDisposable
{
    private readonly HttpClient _client;
    private readonly Action<long> _acknowledged;

    /// <param name="node">The node's address.</param>
    /// <param name="token">The access token.</param>
    /// <param name="patience">How long an answer may take; a node that is stopped gives none.</param>
    /// <param name="acknowledged">Told when a submit was acknowledged, and when it had been made.</param>
    public Door(Uri node, string token, TimeSpan patience, Action<long> acknowledged)
    {
        _acknowledged = acknowledged;
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { BaseAddress = node, Timeout = patience };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Submits; the same again when it was not answered before.</summary>
    public async Task<JobAnswer?> SubmitAsync(Entry entry)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var answer = await SendAsync(entry.Key is null ? HttpMethod.Put : HttpMethod.Post, entry.Key is null ? $"v1/jobs/{entry.Id}" : "v1/jobs", entry.Body, entry.Key);
        if (answer is not { HasJob: true })
        {
            entry.Note(new Call<Seen>(begun, Ended: null, Seen.Unanswered), answer: null);
            return answer;
        }

        Note(entry, begun, answer, SeenKind.Submitted);
        _acknowledged(begun);
        return answer;
    }

    public async Task<JobAnswer?> ReadAsync(Entry entry)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var answer = await SendAsync(HttpMethod.Get, $"v1/jobs/{entry.Id}");
        Note(entry, begun, answer, SeenKind.Read);
        return answer;
    }

    public async Task CancelAsync(Entry entry)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var answer = await SendAsync(HttpMethod.Post, $"v1/jobs/{entry.Id}/cancel", "{}");
        Note(entry, begun, answer, SeenKind.Canceled);
    }

    /// <summary>Whether the node says that it serves.</summary>
    public async Task<bool> IsReadyAsync() => await SendAsync(HttpMethod.Get, "readyz") is { Status: System.Net.HttpStatusCode.OK };

    /// <summary>Any other document below a job.</summary>
    public Task<string> TextAsync(Entry entry, string below) => _client.GetStringAsync(new Uri($"v1/jobs/{entry.Id}/{below}", UriKind.Relative));

    public Task<byte[]> BytesAsync(Entry entry, string below) => _client.GetByteArrayAsync(new Uri($"v1/jobs/{entry.Id}/{below}", UriKind.Relative));

    public void Dispose() => _client.Dispose();

    private static void Note(Entry entry, long begun, JobAnswer? answer, SeenKind kind)
    {
        var ended = TimeProvider.System.GetTimestamp();
        if (answer is { HasJob: true }) entry.Note(new Call<Seen>(begun, ended, new Seen(kind, answer.Version, answer.JobStatus)), answer);
        else if (answer is { Status: System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Gone }) entry.Note(new Call<Seen>(begun, ended, Seen.Missing), answer: null);
    }

    /// <summary>Null when no answer came.</summary>
    private async Task<JobAnswer?> SendAsync(HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await _client.SendAsync(request);
            return new JobAnswer(answer.StatusCode, path == "readyz" ? "{}" : await answer.Content.ReadAsStringAsync(), answer.Headers.ETag?.Tag);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
