using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Errand.Client.Transport;
using Errand.Client.Waiting;
using Errand.Contracts;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    // A proxy that holds streams back until they end, or cuts them at once: after so many without an event the job is polled.
    private const int SilentStreams = 3;

    /// <summary>
    /// Follows a job: as it is, then every change, ending after it is done. A broken stream is resumed where it broke; where there is no
    /// stream to be had, the job is polled.
    /// </summary>
    public async IAsyncEnumerable<JobEventResource> WatchAsync(
        string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var time = _transport.Options.Time;
        var heard = time.GetTimestamp();
        string? revision = null;
        for (var silent = 0; ; silent++)
        {
            await using var stream = silent < SilentStreams
                ? await OpenEventsAsync(id, revision, heard, cancellationToken)
                : Polled(id);
            while (await stream.NextAsync(cancellationToken) is { } happened)
            {
                silent = 0;
                heard = time.GetTimestamp();
                revision = happened.Revision;
                yield return happened;
                if (happened.Job.Done) yield break;
            }

            if (stream.Finished) yield break;
            await Task.Delay(stream.Pause, time, cancellationToken);
        }
    }

    private async Task<IEventSource> OpenEventsAsync(string id, string? after, long heard, CancellationToken cancellationToken)
    {
        var outgoing = new Outgoing(HttpMethod.Get, $"{JobPath(id)}/events")
        {
            Timeless = true,
            Also = [HttpStatusCode.NotAcceptable, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable],
        }.With("Accept", "text/event-stream").With("Last-Event-ID", after);
        try
        {
            var response = await _transport.SendAsync(outgoing, cancellationToken);
            if (response.StatusCode is HttpStatusCode.NoContent) return new NoEvents(response, finished: true);
            if (response.Content.Headers.ContentType?.MediaType is "text/event-stream") return new StreamedEvents(response, _transport.Options.Time);
            response.Dispose();
            return Polled(id);
        }
        catch (ErrandUnreachableException) when (
            after is not null && _transport.Options.Time.GetElapsedTime(heard) < _transport.Options.Patience)
        {
            return new NoEvents(response: null, finished: false);
        }
    }

    private PolledEvents Polled(string id) => new(new JobWaiter(new NativeWire(this, id), _transport.Options));

    /// <summary>Where events come from.</summary>
    private interface IEventSource : IAsyncDisposable
    {
        /// <summary>True when there will never be another event, as opposed to a connection that broke.</summary>
        bool Finished { get; }

        /// <summary>How long to wait before resuming.</summary>
        TimeSpan Pause { get; }

        /// <summary>The next event; null at the end.</summary>
        ValueTask<JobEventResource?> NextAsync(CancellationToken cancellationToken);
    }

    private sealed class NoEvents(HttpResponseMessage? response, bool finished) : IEventSource
    {
        public bool Finished => finished;

        public TimeSpan Pause => TimeSpan.FromSeconds(1);

        public ValueTask<JobEventResource?> NextAsync(CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync()
        {
            response?.Dispose();
            return default;
        }
    }

    private sealed class StreamedEvents(HttpResponseMessage response, TimeProvider time) : IEventSource
    {
        private SseParser<JobEventResource?>? _parser;
        private IAsyncEnumerator<SseItem<JobEventResource?>>? _events;

        public bool Finished => false;

        public TimeSpan Pause =>
            _parser is { ReconnectionInterval.Ticks: > 0 } parser ? parser.ReconnectionInterval : TimeSpan.FromSeconds(1);

        public async ValueTask<JobEventResource?> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                _parser ??= SseParser.Create(new LivelyStream(await response.Content.ReadAsStreamAsync(cancellationToken), time), Parse);
                _events ??= _parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (await _events.MoveNextAsync())
                {
                    if (_events.Current.Data is { } happened) return happened;
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // The connection broke: the caller resumes after the last event.
            }

            return null;
        }

        public async ValueTask DisposeAsync()
        {
            if (_events is not null) await _events.DisposeAsync();
            response.Dispose();
        }

        private static JobEventResource? Parse(string kind, ReadOnlySpan<byte> data) =>
            kind.StartsWith("job.", StringComparison.Ordinal) ? JsonSerializer.Deserialize(data, Wire.JobEventResource) : null;
    }

    private sealed class PolledEvents(JobWaiter waiter) : IEventSource
    {
        private IAsyncEnumerator<JobEventResource>? _changes;

        public bool Finished => true;

        public TimeSpan Pause => default;

        public async ValueTask<JobEventResource?> NextAsync(CancellationToken cancellationToken)
        {
            _changes ??= waiter.ChangesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            return await _changes.MoveNextAsync() ? _changes.Current : null;
        }

        public ValueTask DisposeAsync() => _changes?.DisposeAsync() ?? default;
    }
}
