using System.Collections.Concurrent;
using Errand.Storage;
using Npgsql;

namespace Errand.HeldSnapshot;

/// <summary>
/// Jobs at a steady rate through submit, claim and settle, first alone, then beside a transaction that is left open, then after its end. Every ten
/// seconds it prints the rate, and how long jobs waited from their acknowledgement to their claim.
/// </summary>
internal sealed class HeldRun(IJobStorage store, string connection, int rate) : IDisposable
{
    private const int TicksPerSecond = 20;
    private const int Window = 10;
    private const int WarmUp = 20;
    private const double RateMayFallTo = 0.9;
    private const double WaitMayGrowTo = 2;

    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly ConcurrentDictionary<JobId, long> _acknowledged = new();
    private readonly SemaphoreSlim _came = new(0);
    private readonly CancellationTokenSource _done = new();
    private readonly List<double> _waits = [];
    private readonly List<(string What, int At, double Rate, double[] Waits)> _windows = [];
    private readonly SessionId _session = SessionId.New();
    private long _submitted;
    private long _settled;

    /// <summary>True when the store kept its rate and its pick-up while the transaction was open.</summary>
    public async Task<bool> RunAsync(int before, int held, int after)
    {
        var now = Time.GetUtcNow();
        await store.Sessions.OpenAsync(new WorkerSession { Id = _session, Worker = "bench", Slots = 100, OpenedAt = now, ExpiresAt = now.AddHours(1) }, default);
        var work = new[] { Task.Run(SubmitAsync), Task.Run(ClaimAsync) };
        Console.WriteLine($"{rate} jobs/s offered; a transaction is held open for {held} s\n");
        Console.WriteLine("| from s | transaction | submitted/s | settled/s | pick-up p50 ms | p99 ms | max ms | dead rows: waiting, claimed | MB of waiting |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        await WindowsAsync("none", 0, before);
        await using (var holder = new NpgsqlConnection(connection + ";Pooling=false"))
        {
            await holder.OpenAsync();
            await RunAsync(holder, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM held.types");
            await WindowsAsync("held", before, held);
        }

        await WindowsAsync("ended", before + held, after);
        await _done.CancelAsync();
        await Task.WhenAll(work);
        return Judge();
    }

    /// <summary>Everything held against everything before, without the seconds in which the process and the server warm up; and its last third apart, for what still falls.</summary>
    private bool Judge()
    {
        var before = Sum(_windows.FindAll(window => window.What == "none" && window.At >= WarmUp));
        var held = _windows.FindAll(window => window.What == "held");
        var last = held.GetRange(held.Count * 2 / 3, held.Count - (held.Count * 2 / 3));
        Console.WriteLine($"\nwithout: {before.Rate:0} settled/s, pick-up p99 {before.Wait:0.0} ms");
        var kept = true;
        foreach (var (what, sum) in new[] { ("held", Sum(held)), ("held, its last third", Sum(last)) })
        {
            var (share, times) = (sum.Rate / before.Rate, sum.Wait / before.Wait);
            kept &= share > RateMayFallTo && times < WaitMayGrowTo;
            Console.WriteLine($"{what}: {sum.Rate:0} settled/s ({share:P0}), pick-up p99 {sum.Wait:0.0} ms ({times:0.0} times)");
        }

        Console.WriteLine(kept ? "kept: the rate fell by less than a tenth, p99 grew by less than twice" : "NOT kept: the rate fell by a tenth or more, or p99 grew by twice or more");
        return kept;
    }

    private static (double Rate, double Wait) Sum(List<(string What, int At, double Rate, double[] Waits)> windows) =>
        (windows.Average(window => window.Rate), Share([.. windows.SelectMany(window => window.Waits).Order()], 0.99));

    public void Dispose()
    {
        _came.Dispose();
        _done.Dispose();
    }

    private async Task WindowsAsync(string what, int from, int seconds)
    {
        for (var at = 0; at < seconds; at += Window)
        {
            lock (_waits) _waits.Clear();
            var (submitted, settled, since) = (Interlocked.Read(ref _submitted), Interlocked.Read(ref _settled), Time.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(Window, seconds - at)), Time);
            var passed = Time.GetElapsedTime(since).TotalSeconds;
            double[] waits;
            lock (_waits) waits = [.. _waits.Order()];
            var perSecond = (Interlocked.Read(ref _settled) - settled) / passed;
            _windows.Add((what, at, perSecond, waits));
            Console.WriteLine(
                $"| {from + at} | {what} | {(Interlocked.Read(ref _submitted) - submitted) / passed:0} | {perSecond:0} "
                + $"| {Share(waits, 0.5):0.0} | {Share(waits, 0.99):0.0} | {Share(waits, 1):0.0} | {await DeadAsync()} |");
        }
    }

    private static double Share(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];

    private async Task SubmitAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond), Time);
        var began = Time.GetTimestamp();
        for (var sent = 0L; !_done.IsCancellationRequested; await timer.WaitForNextTickAsync())
        {
            // By the clock, so that a late tick is made up for.
            var due = (long)(Time.GetElapsedTime(began).TotalSeconds * rate) - sent;
            if (due <= 0) continue;
            var jobs = Enumerable.Range(0, (int)Math.Min(due, 1_000)).Select(_ => Job()).ToList();
            sent += jobs.Count;
            await store.Jobs.SubmitAsync(new JobBatch(jobs, false, null, Time.GetUtcNow()), default);
            var now = Time.GetTimestamp();
            foreach (var job in jobs) _acknowledged.TryAdd(job.Head.Id, now);
            Interlocked.Add(ref _submitted, jobs.Count);
            _came.Release();
        }

        _came.Release();
    }

    private async Task ClaimAsync()
    {
        while (!_done.IsCancellationRequested)
        {
            var asked = Time.GetUtcNow();
            var claimed = await store.Queue.ClaimAsync(new ClaimRequest(_session, [new QueueClaim("default", ["work"], 100)], SuspectLimit: 1, asked), default);
            var now = Time.GetTimestamp();
            lock (_waits)
            {
                // Claimed before its acknowledgement came back: it did not wait.
                foreach (var job in claimed.Jobs) _waits.Add(_acknowledged.TryRemove(job.Head.Id, out var at) ? Time.GetElapsedTime(at, now).TotalMilliseconds : 0);
            }

            if (claimed.Jobs.Count == 0) await _came.WaitAsync(TimeSpan.FromSeconds(1));
            else Interlocked.Add(ref _settled, await SettleAsync(claimed.Jobs));
        }
    }

    private async ValueTask<int> SettleAsync(IReadOnlyList<ClaimedJob> jobs)
    {
        var now = Time.GetUtcNow();
        var outcomes = await store.Queue.SettleAsync([.. jobs.Select(job => new JobChange(job.Head, Succeeded(job.Head, now)))], default);
        return outcomes.Count(outcome => outcome is ChangeOutcome.Applied);
    }

    private static JobHead Succeeded(JobHead head, DateTimeOffset now) => head with
    {
        State = JobState.Succeeded,
        Version = head.Version + 1,
        Session = null,
        FinishedAt = now,
        UpdatedAt = now,
        ExpiresAt = now.AddDays(7),
    };

    private static NewJob Job()
    {
        var now = Time.GetUtcNow();
        var head = new JobHead
        {
            Tenant = "default",
            Id = JobId.New(now),
            Type = "work",
            Queue = "default",
            Owner = "bench",
            DueAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return new NewJob(head, new JobDetails { RequestId = Guid.NewGuid() }, new JobInput(new byte[200]));
    }

    private async Task<string> DeadAsync()
    {
        await using var look = new NpgsqlConnection(connection + ";Pooling=false");
        await look.OpenAsync();
        await using var ask = new NpgsqlCommand(
            """
            SELECT sum(n_dead_tup) FILTER (WHERE relname LIKE 'waiting%') || ', ' || sum(n_dead_tup) FILTER (WHERE relname = 'claimed')
                || ' | ' || round(sum(pg_total_relation_size(relid)) FILTER (WHERE relname LIKE 'waiting%') / 1e6, 1)
            FROM pg_stat_user_tables WHERE schemaname = 'held'
            """,
            look);
        return (string)(await ask.ExecuteScalarAsync())!;
    }

    private static async Task RunAsync(NpgsqlConnection on, string text)
    {
        await using var command = new NpgsqlCommand(text, on);
        await command.ExecuteNonQueryAsync();
    }
}
