using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Errand.AspNetCore;

/// <summary>
/// Sends events as they come (server-sent events): the first bytes at once, a comment when nothing happens, and an end when the job, the
/// credentials or the host ends.
/// </summary>
internal sealed class EventStream(ApiCall call) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly BodyBuffer buffer = new();
    private long quietSince;

    public void Dispose() => buffer.Dispose();

    /// <summary>Sends headers, the time to wait before a reconnect, and a first comment.</summary>
    public Task BeginAsync()
    {
        var response = call.Response;
        response.StatusCode = 200;
        response.ContentType = MediaTypes.EventStream;
        response.Headers.CacheControl = ApiAnswer.NoStore;
        response.Headers.Vary = ApiAnswer.Vary;
        response.Headers["X-Accel-Buffering"] = "no";
        call.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Append($"retry: {(int)Jitter.Spread(TimeSpan.FromSeconds(3)).TotalMilliseconds}\n: ok\n\n");
        return FlushAsync();
    }

    /// <summary>Begins, and sends what the source gives until it ends.</summary>
    public async Task RunAsync(IAsyncEnumerable<JobEvent> source, bool withIds, CancellationTokenSource stop)
    {
        await using var events = source.GetAsyncEnumerator(stop.Token);
        using var timer = new PeriodicTimer(Tick, call.Api.Time);

        // The source listens before the client is told that it does, so that nothing falls between.
        var next = events.MoveNextAsync().AsTask();
        await BeginAsync();
        var tick = timer.WaitForNextTickAsync(stop.Token).AsTask();
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, tick) == next)
                {
                    if (!await next) return;
                    await SendAsync(events.Current, withIds);
                    next = events.MoveNextAsync().AsTask();
                }
                else
                {
                    await tick;
                    if (!await KeepAsync()) return;
                    tick = timer.WaitForNextTickAsync(stop.Token).AsTask();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left, or the host stops; an open stream must not hold up the shutdown.
        }
        finally
        {
            await stop.CancelAsync();
            await QuietlyAsync(next);
        }
    }

    // A token that was revoked ends its open streams within a second, not at the next request.
    private async ValueTask<bool> KeepAsync()
    {
        if (!await call.Api.Tokens.IsAliveAsync(call.Principal, call.Aborted)) return false;
        if (call.Api.Time.GetElapsedTime(quietSince) < call.Api.Options.EventHeartbeat) return true;
        Append(":\n\n");
        await FlushAsync();
        return true;
    }

    private Task SendAsync(JobEvent change, bool withIds)
    {
        if (withIds) Append($"id: {change.Revision}\n");
        Append($"event: {change.Kind}\ndata: ");
        var resource = new JobEventResource(change.Kind, change.Revision.ToString(), change.Time, call.Map.At(call.Now).Job(change.Job) with { Result = null, Input = null });
        using (var writer = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions)) JsonSerializer.Serialize(writer, resource, ErrandJsonContext.Default.JobEventResource);
        Append("\n\n");
        return FlushAsync();
    }

    private void Append(FormattableString text) => Append(text.ToString(CultureInfo.InvariantCulture));

    private void Append(string text) => Encoding.UTF8.GetBytes(text, buffer);

    private async Task FlushAsync()
    {
        await call.Response.Body.WriteAsync(buffer.Written, call.Aborted);
        await call.Response.Body.FlushAsync(call.Aborted);
        buffer.Clear();
        quietSince = call.Api.Time.GetTimestamp();
    }

    private static async Task QuietlyAsync(Task pending)
    {
        try
        {
            await pending;
        }
        catch (Exception e) when (e is OperationCanceledException or JobProblemException or Storage.StorageException)
        {
            // The stream is over already; whoever reads it reconnects and is told then.
        }
    }
}
