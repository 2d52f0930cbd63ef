using System.Diagnostics.Metrics;

namespace Errand.AspNetCore;

/// <summary>The API's own instruments; requests as such are counted by ASP.NET Core.</summary>
internal static class ApiMetrics
{
    private static readonly Meter Meter = new("Errand.AspNetCore");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "errand.http.refusals", "{request}", "Requests that were refused, by status and problem; 429 and 503 are the ones to watch.");

    private static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>(
        "errand.stream.active", "{stream}", "Event streams that are open.");

    public static void Refused(ProblemKind kind)
    {
        if (Refusals.Enabled) Refusals.Add(1, new("http.response.status_code", kind.Status), new("error.type", kind.Code));
    }

    /// <summary>Counts an open stream until it is disposed.</summary>
    public static OpenStream Stream()
    {
        Streams.Add(1);
        return default;
    }

    public readonly struct OpenStream : IDisposable
    {
        public void Dispose() => Streams.Add(-1);
    }
}
