using System.Collections.Concurrent;
using System.Text;

namespace Errand.AspNetCore.Tests;

/// <summary>The types that the test server runs.</summary>
public sealed class TestHandlers
{
    private readonly ConcurrentDictionary<JobId, TaskCompletionSource> started = new();
    private readonly ConcurrentDictionary<JobId, TaskCompletionSource> released = new();

    /// <summary>Completes when the job's handler of <c>test.hold</c> runs.</summary>
    public Task StartedAsync(JobId id) => Of(started, id).Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Lets the job's handler of <c>test.hold</c> end.</summary>
    public void Release(JobId id) => Of(released, id).TrySetResult();

    public async ValueTask<JobOutcome> HoldAsync(JobContext context, CancellationToken cancellationToken)
    {
        context.Report(new JobProgress { Percent = 25, Message = "holding" });
        Of(started, context.Head.Id).TrySetResult();
        try
        {
            await Of(released, context.Head.Id).Task.WaitAsync(cancellationToken);
            return JobOutcome.Succeeded.Empty;
        }
        catch (OperationCanceledException)
        {
            return new JobOutcome.Canceled();
        }
    }

    public static ValueTask<JobOutcome> EchoAsync(JobContext context, CancellationToken cancellationToken) =>
        new(new JobOutcome.Succeeded(context.Input.Json));

    public static ValueTask<JobOutcome> FailAsync(JobContext context, CancellationToken cancellationToken) =>
        new(new JobOutcome.Failed(new JobError("out_of_paper", "The printer is out of paper.", Retryable: false, "at Printer.Print()")));

    public static ValueTask<JobOutcome> BigAsync(JobContext context, CancellationToken cancellationToken) =>
        new(new JobOutcome.Succeeded(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:00000}\n"))), "text/plain"));

    public static async ValueTask<JobOutcome> BatchAsync(JobContext context, CancellationToken cancellationToken)
    {
        List<JobItem> items = [];
        await foreach (var item in context.ReadItemsAsync(cancellationToken))
        {
            var fails = item.Index % 2 == 1;
            items.Add(new JobItem
            {
                Index = item.Index,
                Key = $"row {item.Index}",
                Status = fails ? JobItemStatus.Failed : JobItemStatus.Succeeded,
                Result = fails ? default : item.Json,
                Error = fails ? new JobError("odd", "Odd, \"really\".", Detail: "stack") : null,
            });
        }

        await context.WriteItemsAsync(items, cancellationToken);
        await context.LogAsync(JobSeverity.Info, "begun", 3, cancellationToken);
        await context.LogAsync(JobSeverity.Warning, "half of them are odd", cancellationToken: cancellationToken);
        await context.PublishAsync(
            new Work.OutputDraft("rows", "rows.csv", [Format("csv", "text/csv", "a,b\r\n1,2\r\n"), Format("json", "application/json", "[1,2]")]), cancellationToken);
        return JobOutcome.Succeeded.Empty;
    }

    private static Work.OutputFormatDraft Format(string format, string type, string content) =>
        new(format, type, (file, cancellationToken) => file.WriteAsync(Encoding.UTF8.GetBytes(content), cancellationToken).AsTask());

    private static TaskCompletionSource Of(ConcurrentDictionary<JobId, TaskCompletionSource> book, JobId id) =>
        book.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

internal sealed class Delegated(Func<JobContext, CancellationToken, ValueTask<JobOutcome>> run) : IJobHandler
{
    public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) => run(context, cancellationToken);
}

/// <summary>A type that this process accepts and does not run: its jobs stay queued.</summary>
internal sealed class AcceptedTypes : IHandlerCatalog
{
    public IReadOnlyList<HandlerRegistration> Handlers { get; } =
    [
        new(new JobType { Name = "test.later", Queue = "later", Description = "Runs elsewhere." }, null),
        new(new JobType { Name = "test.keyed", Queue = "later", RequireIdempotencyKey = true }, null),
        new(new JobType { Name = "system.bulk", Queue = "later", Internal = true }, null),
    ];
}
