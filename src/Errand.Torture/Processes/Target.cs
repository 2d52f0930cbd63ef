using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Errand.Torture.Processes;

/// <summary>
/// The service that jobs call, in the process that tortures and never dies with the others: it counts what it is asked, per job and item, answers each run with a number
/// that no other run gets, and sees connections break.
/// </summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<TimeSpan> _work;
    private readonly ConcurrentDictionary<string, long> _broken = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TimeSpan> _repaired = [];
    private long _runs;

    private Target(WebApplication app, Func<TimeSpan> work) => (_app, _work) = (app, work);

    /// <summary>How often a job, or an item of one (<c>job/item</c>), was begun.</summary>
    public ConcurrentDictionary<string, int> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers that runs of a job were answered with.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<long>> Results { get; } = new(StringComparer.Ordinal);

    /// <summary>How long it took from a run's broken connection until the job ran again.</summary>
    public IReadOnlyCollection<TimeSpan> Repaired => _repaired;

    public string Url => _app.Urls.First();

    /// <summary>Starts to listen on a free port of the loopback.</summary>
    /// <param name="work">How long a run takes. Default: 2 ms.</param>
    public static async Task<Target> StartAsync(Func<TimeSpan>? work = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new Target(builder.Build(), work ?? (() => TimeSpan.FromMilliseconds(2)));
        target._app.Run(target.AnswerAsync);
        await target._app.StartAsync();
        return target;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var (job, path) = (context.Request.Headers["Errand-Job-Id"].ToString(), context.Request.Path.Value!);
        return path.StartsWith("/item/", StringComparison.Ordinal) ? ItemAsync(context, job, path["/item/".Length..]) : RunAsync(context, job);
    }

    private async Task RunAsync(HttpContext context, string job)
    {
        Count(job);
        if (_broken.TryRemove(job, out var since)) _repaired.Add(TimeProvider.System.GetElapsedTime(since));
        try
        {
            await Task.Delay(_work(), TimeProvider.System, context.RequestAborted);
            var run = Interlocked.Increment(ref _runs);
            Results.GetOrAdd(job, _ => []).Add(run);
            await AnswerAsync(context, 200, $$"""{"run":{{run}} }""");
        }
        catch (OperationCanceledException)
        {
            _broken[job] = TimeProvider.System.GetTimestamp();
        }
    }

    private async Task ItemAsync(HttpContext context, string job, string item)
    {
        Count($"{job}/{item}");
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        await AnswerAsync(context, item == "13" ? 422 : 200, item == "13" ? """{"why":"unlucky"}""" : $$"""{"n":{{item}} }""");
    }

    private static Task AnswerAsync(HttpContext context, int status, string json)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.WriteAsync(json);
    }

    private void Count(string what) => Runs.AddOrUpdate(what, 1, (_, n) => n + 1);
}
