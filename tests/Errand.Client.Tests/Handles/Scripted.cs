using Microsoft.Extensions.Time.Testing;

namespace Errand.Client.Tests;

/// <summary>A client over a scripted server, with a clock that the test moves.</summary>
public abstract class Scripted : IDisposable
{
    private readonly HttpClient _http;

    protected Scripted()
    {
        _http = new HttpClient(Server) { BaseAddress = new Uri("http://errand.test/"), Timeout = Timeout.InfiniteTimeSpan };
        Client = new ErrandClient(new HttpJobClient(_http, new HttpJobClientOptions { Time = Time, Retries = 0, Patience = TimeSpan.FromHours(1), Chance = () => 0.5 }));
    }

    internal ScriptedServer Server { get; } = new();

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    protected ErrandClient Client { get; }

    protected IErrandJobs Jobs => Client.Jobs;

    /// <summary>The body of a job.</summary>
    protected static string Body(string status, string more = "") =>
        $$"""{"id":"a","type":"report.export","queue":"q","status":"{{status}}","done":{{(status is "succeeded" or "failed" or "canceled" ? "true" : "false")}}{{more}}}""";

    /// <summary>Lets the clock run while something waits on it.</summary>
    protected async Task<T> PatientlyAsync<T>(Task<T> task, double seconds = 1)
    {
        while (!task.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(seconds));
            await Task.Yield();
        }

        return await task;
    }

    public void Dispose()
    {
        Client.Dispose();
        _http.Dispose();
        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
