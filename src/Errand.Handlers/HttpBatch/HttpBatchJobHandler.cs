using System.Runtime.CompilerServices;
using System.Text.Json;
using Errand.Work;

namespace Errand.Handlers;

/// <summary>Posts each item to its URL and records what became of it. Items that an earlier attempt finished are not sent again.</summary>
internal sealed class HttpBatchJobHandler(HttpExchange exchange, HttpBatchHandlerOptions options, TimeProvider time) : IJobHandler
{
    private const int ItemResultLimit = 256 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    private readonly UrlTemplate _url = new(options.Url!);

    public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        var counts = new BatchCounts();
        await using var writer = new ItemWriter(context);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, writer.Failed);
        try
        {
            await Parallel.ForEachAsync(
                NotDoneAsync(context, counts, stop.Token),
                new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = stop.Token },
                async (item, token) =>
                {
                    var done = await RunAsync(item, context, token);
                    counts.Add(done.Status);
                    await writer.AddAsync(done, token);
                });
        }
        catch (OperationCanceledException) when (writer.Failed.IsCancellationRequested)
        {
            // What stopped the writer is thrown by the next line.
        }

        await writer.CompleteAsync();
        return counts.Failed > 0 && options.FailOnItemError
            ? new JobOutcome.Failed(new JobError("items_failed", $"{counts.Failed} of {counts.Total} items failed; the items tell why."))
            : new JobOutcome.Succeeded(counts.ToJson());
    }

    private static async IAsyncEnumerable<JobItemInput> NotDoneAsync(
        JobContext context, BatchCounts counts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = new DoneItems(context);
        await foreach (var item in context.ReadItemsAsync(cancellationToken))
        {
            if (await done.FindAsync(item.Index, cancellationToken) is { } before) counts.Add(before.Status);
            else yield return item;
        }
    }

    private async Task<JobItem> RunAsync(JobItemInput item, JobContext context, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(item.Json);
        var key = ItemField.Key(document.RootElement, options.ItemKey, item.Index);
        var (url, error) = _url.Fill(document.RootElement);
        return url is null
            ? new JobItem { Index = item.Index, Key = key, Status = JobItemStatus.Failed, Error = error }
            : Item(item.Index, key, await TryAsync(new HttpCall(url, item.Json, IsCallers: false, item.Index), context, cancellationToken));
    }

    private async Task<JobOutcome> TryAsync(HttpCall call, JobContext context, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var outcome = await exchange.SendAsync(call, context, ItemResultLimit, cancellationToken);
            if (tried >= options.ItemAttempts || outcome is not JobOutcome.Failed { Error.Retryable: true } failed) return outcome;
            var wait = failed.RetryAfter ?? FirstWait * Math.Pow(2, tried - 1);
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellationToken);
        }
    }

    private static JobItem Item(int index, string key, JobOutcome outcome) => outcome switch
    {
        JobOutcome.Succeeded succeeded => new JobItem { Index = index, Key = key, Result = ItemResult(succeeded) },
        JobOutcome.Failed failed => new JobItem { Index = index, Key = key, Status = JobItemStatus.Failed, Error = failed.Error },
        _ => throw new InvalidOperationException($"An exchange does not end as {outcome.GetType().Name}."),
    };

    /// <summary>An item's result is a JSON document: JSON as it is, text as a string, anything else not at all.</summary>
    private static ReadOnlyMemory<byte> ItemResult(JobOutcome.Succeeded succeeded)
    {
        if (succeeded.Result.IsEmpty || succeeded.ContentType is "application/json") return succeeded.Result;
        return succeeded.ContentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ? JsonText.String(succeeded.Result.Span) : default;
    }
}
