using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Errand.AspNetCore;

/// <summary>
/// Sends events as they come (server-sent events): the first bytes at once, a comment when nothing happens, and an end when the job, the
/// credentials or the host ends. It has no timer of its own – <see cref="StreamKeeper"/> looks after all of them – and holds no buffer while it is quiet.
/// </summary>
internal sealed class EventStream(ApiCall call, CancellationTokenSource stop) : IDisposable
{
    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    /// <summary>Held while something is sent: a heartbeat falls between two events, never into one.</summary>
    private readonly SemaphoreSlim sending = new(1, 1);

    private long quietSince = call.Api.Time.GetTimestamp();

    public ErrandPrincipal Principal => call.Principal;

    public void Dispose() => sending.Dispose();

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
        var retry = (int)Jitter.Spread(TimeSpan.FromSeconds(3)).TotalMilliseconds;
        return WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {retry}\n: ok\n\n")));
    }

    /// <summary>Begins, and sends what the source gives until it ends.</summary>
    public async Task RunAsync(IAsyncEnumerable<JobEvent> source, bool withIds)
    {
        try
        {
            await using var events = source.GetAsyncEnumerator(stop.Token);

            // The source listens before the client is told that it does, so that nothing falls between.
            var next = events.MoveNextAsync();
            var began = false;
            try
            {
                await BeginAsync();
                began = true;
            }
            finally
            {
                if (!began) await QuietlyAsync(next);
            }

            call.Api.Streams.Add(this);
            while (await next)
            {
                await SendAsync(events.Current, withIds);
                next = events.MoveNextAsync();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left, its token is over, or the host stops; an open stream must not hold up the shutdown.
        }
        finally
        {
            call.Api.Streams.Remove(this);

            // A heartbeat on its way ends before the answer does.
            await sending.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Ends the stream: the token that it was opened with no longer holds.</summary>
    public void End()
    {
        try
        {
            _ = stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    /// <summary>Sends a comment when nothing was sent for long: proxies close what says nothing.</summary>
    public async Task KeepAsync()
    {
        if (call.Api.Time.GetElapsedTime(Volatile.Read(ref quietSince)) < call.Api.Options.EventHeartbeat) return;
        try
        {
            // Whoever sends something at this moment is not quiet.
            if (!sending.Wait(0, CancellationToken.None)) return;
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        try
        {
            await WriteAsync(Heartbeat);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client left; the stream hears of it itself.
        }
        finally
        {
            sending.Release();
        }
    }

    private async ValueTask SendAsync(JobEvent change, bool withIds)
    {
        await sending.WaitAsync(stop.Token);
        try
        {
            await WriteAsync(call.Api.Events.Of(change, call, withIds));
        }
        finally
        {
            sending.Release();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await call.Response.Body.WriteAsync(bytes, stop.Token);
        await call.Response.Body.FlushAsync(stop.Token);
        Volatile.Write(ref quietSince, call.Api.Time.GetTimestamp());
    }

    private async Task QuietlyAsync(ValueTask<bool> pending)
    {
        await stop.CancelAsync();
        try
        {
            await pending;
        }
        catch (Exception e) when (e is OperationCanceledException or JobProblemException or Storage.StorageException)
        {
            // The stream is over before it began; whoever reads it reconnects and is told then.
        }
    }
}
