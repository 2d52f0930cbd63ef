using System.Diagnostics.CodeAnalysis;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>Runs one attempt from its claim to its outcome.</summary>
internal sealed partial class AttemptRunner(
    IJobSource source, HandlerTable handlers, IServiceScopeFactory scopes, Settler settler, PrefetchGauge gauge, WorkerOptions options,
    TimeProvider time, WorkerTelemetry telemetry, ILogger logger)
{
    // A type that is not ours comes back only by somebody's mistake; given back at once it would be claimed again in the same instant.
    private static readonly TimeSpan UnknownTypeDelay = TimeSpan.FromSeconds(30);

    /// <summary>Runs it and hands over its outcome. Returns when the handler has really returned, however late. Never throws.</summary>
    public async ValueTask RunAsync(Attempt attempt)
    {
        if (attempt.Session.IsLost)
        {
            attempt.Session.Forget(attempt);
            return;
        }

        var begun = time.GetTimestamp();
        telemetry.Started(attempt.Head);
        using var activity = WorkerTelemetry.Begin(attempt.Head, attempt.Job.Details);
        var outcome = await ExecuteAsync(attempt);
        var duration = time.GetElapsedTime(begun);
        WorkerTelemetry.End(activity, outcome);
        telemetry.Returned(attempt.Head);
        telemetry.Ended(attempt.Head, outcome, duration);
        gauge.Ran(duration);
        if (attempt.TryFinish()) await FinishAsync(attempt, outcome);
        else LogReturnedLate(attempt.Head.Id, attempt.Head.Type, duration);
    }

    /// <summary>Gives back a job that never started: no attempt is counted.</summary>
    public ValueTask ReleaseAsync(Attempt attempt) =>
        attempt.TryFinish() ? FinishAsync(attempt, JobOutcome.Released.Instance) : default;

    /// <summary>
    /// Settles without the handler, which did not stop in time. Its slot stays taken until it returns: a thread that hangs is still a
    /// thread, and a worker that started another beside it would hang them all, one by one.
    /// </summary>
    public async Task AbandonAsync(Attempt attempt)
    {
        if (!attempt.TryFinish()) return;
        telemetry.Abandoned(attempt.Head);
        LogAbandoned(attempt.Head.Id, attempt.Head.Type, attempt.StopReason);
        await FinishAsync(attempt, AttemptOutcomes.Stopped(attempt.StopReason, attempt.Head));
    }

    private async ValueTask<JobOutcome> ExecuteAsync(Attempt attempt)
    {
        var head = attempt.Head;
        if (handlers.Find(head.Type) is not { Create: { } create } registration)
        {
            LogUnknownType(head.Id, head.Type);
            return new JobOutcome.Snoozed(UnknownTypeDelay);
        }

        var timeout = attempt.Job.Details.Timeout ?? registration.Type.Timeout;
        if (attempt.Begin(time, timeout, options.StopGrace, this) is not { } token) return AttemptOutcomes.Stopped(attempt.StopReason, head);
        using var logScope = logger.BeginScope(new AttemptLogScope(head));
        var scope = scopes.CreateAsyncScope();
        try
        {
            var context = new AttemptContext(attempt.Job, source.Reports, scope.ServiceProvider, options.SerializerOptions, time, logger, token);
            attempt.Context = context;
            scope.ServiceProvider.GetRequiredService<JobScope>().Context = context;
            AttemptLogger.Current = context;
            return await create(scope.ServiceProvider).HandleAsync(context, token) ?? JobOutcome.Succeeded.Empty;
        }
        catch (Exception e)
        {
            var outcome = AttemptOutcomes.Of(e, attempt.StopReason, head);
            if (attempt.StopReason is AttemptStop.None) LogThrew(e, head.Id, head.Type, head.Attempt);
            return outcome;
        }
        finally
        {
            attempt.Return();
            await DisposeAsync(scope, head);
        }
    }

    /// <summary>The outcome stands even if the scope does not end well.</summary>
    private async ValueTask DisposeAsync(AsyncServiceScope scope, JobHead head)
    {
        try
        {
            await scope.DisposeAsync();
        }
        catch (Exception e)
        {
            LogScopeThrew(e, head.Id, head.Type);
        }
    }

    private async ValueTask FinishAsync(Attempt attempt, JobOutcome outcome)
    {
        var counts = !attempt.Session.IsLost;
        try
        {
            if (attempt.Context is { } context) await context.CloseAsync(flush: counts);
            if (counts) await settler.AddAsync(new Settlement(attempt.Ticket, outcome));
        }
        catch (Exception e)
        {
            LogNotFinished(e, attempt.Head.Id);
        }
        finally
        {
            attempt.Session.Forget(attempt);
        }
    }
}
