namespace Errand.Peers;

/// <summary>What every contender does, in this order, in one process on one fresh store. Node/workloads.mjs is its twin.</summary>
public sealed class Workloads(Contender contender, Plan plan)
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private long _queued;

    /// <summary>Runs them and prints what came out.</summary>
    public static async Task RunAsync(Contender contender)
    {
        await using (contender)
        {
            await new Workloads(contender, Plan.FromEnvironment()).RunAsync();
        }
    }

    private async Task RunAsync()
    {
        await contender.OpenAsync();
        Answers.About(contender.Version, contender.Settings);
        await contender.StartWorkerAsync();
        await CallAsync(callers: 4, plan.Warm, plan.CapSeconds);
        await FinishAsync(plan.CapSeconds);
        await StartsAsync();
        await contender.StopWorkerAsync();
        _queued = await contender.UnfinishedAsync();
        foreach (var callers in new[] { 16, 64 })
        {
            var (count, seconds) = await CallAsync(callers, plan.Singles, plan.SingleSeconds);
            Answers.Rate($"single{callers}", count, seconds);
        }

        await FillAsync();
        await ExecuteAsync();
    }

    private async Task StartsAsync()
    {
        var waits = new List<double>(plan.Samples);
        for (var n = 0; n < plan.Samples; n++)
        {
            // Gaps of changing length, so that nothing that looks at fixed times is always met at the same moment.
            await Task.Delay(TimeSpan.FromMilliseconds(5 + n * 7 % 11), Time);
            var next = contender.NextStart();
            var submitted = Time.GetTimestamp();
            await contender.SubmitAsync();
            waits.Add(Time.GetElapsedTime(submitted, await next).TotalMilliseconds);
        }

        Answers.Times("start", waits);
        await FinishAsync(plan.CapSeconds);
    }

    private async Task<(long Count, double Seconds)> CallAsync(int callers, int most, double capSeconds)
    {
        var (left, done, began) = ((long)most, 0L, Time.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0 && Time.GetElapsedTime(began).TotalSeconds < capSeconds)
            {
                await contender.SubmitAsync();
                Interlocked.Increment(ref done);
            }
        })));
        _queued += done;
        return (done, Time.GetElapsedTime(began).TotalSeconds);
    }

    private async Task FillAsync()
    {
        var missing = (int)Math.Max(0, plan.Jobs - _queued);
        if (!contender.HasBulk)
        {
            await CallAsync(16, missing, plan.CapSeconds);
            return;
        }

        var (left, done, began) = ((missing + plan.PerCall - 1) / plan.PerCall, 0L, Time.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, plan.BulkCallers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0 && Time.GetElapsedTime(began).TotalSeconds < plan.CapSeconds)
            {
                await contender.SubmitManyAsync(plan.PerCall);
                Interlocked.Add(ref done, plan.PerCall);
            }
        })));
        Answers.Rate("bulk", done, Time.GetElapsedTime(began).TotalSeconds);
        _queued += done;
    }

    private async Task ExecuteAsync()
    {
        var (queued, before, began) = (await contender.UnfinishedAsync(), contender.Ran, Time.GetTimestamp());
        await contender.StartWorkerAsync();

        // The store is asked only once all handlers have run: asking costs it something.
        while (contender.Ran - before < queued && Time.GetElapsedTime(began).TotalSeconds < plan.CapSeconds) await Task.Delay(TimeSpan.FromMilliseconds(2), Time);
        var (unfinished, seconds) = await FinishAsync(plan.CapSeconds - Time.GetElapsedTime(began).TotalSeconds, began);
        Answers.Rate("execute", queued - unfinished, seconds);
        await contender.StopWorkerAsync();
    }

    private Task<(long Unfinished, double Seconds)> FinishAsync(double capSeconds) => FinishAsync(capSeconds, Time.GetTimestamp());

    private async Task<(long Unfinished, double Seconds)> FinishAsync(double capSeconds, long since)
    {
        var began = Time.GetTimestamp();
        while (true)
        {
            var unfinished = await contender.UnfinishedAsync();
            var elapsed = Time.GetElapsedTime(since).TotalSeconds;
            if (unfinished == 0 || Time.GetElapsedTime(began).TotalSeconds >= capSeconds) return (unfinished, elapsed);
            await Task.Delay(TimeSpan.FromMilliseconds(5), Time);
        }
    }
}
