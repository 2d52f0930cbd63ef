using System.Diagnostics;
using System.Security.Cryptography;
using Errand.Storage;
using Errand.Storage.PostgreSql;
using Npgsql;

namespace Errand.HeldSnapshot;

/// <summary>
/// Retention of finished jobs with an input and a result each, row by row and by dropping ranges: how long, how much log, how many dead rows; and how long
/// submits take meanwhile. Half of the jobs goes while nothing else happens, half beside submits.
/// </summary>
internal sealed class RetentionRun(string connection, int jobs, int bytes)
{
    private const int Slice = 500;
    private const int SubmitsPerSecond = 100;

    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public async Task RunAsync()
    {
        Console.WriteLine($"{jobs} finished jobs with {bytes} bytes of input and as many of result\n");
        Console.WriteLine("| retention | jobs | s | MB of log | dead rows | MB on disk before, after | submits p50 / p99 / max ms before | meanwhile |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var byRow in new[] { true, false }) await RunAsync(byRow);
    }

    private async Task RunAsync(bool byRow)
    {
        var schema = byRow ? "by_row" : "by_range";
        await using var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = connection, Schema = schema });
        await store.Schema.MigrateAsync(Time.GetUtcNow(), default);
        var now = Time.GetUtcNow();
        await FillAsync(store, now);
        while (await AskAsync($"SELECT count(*) FROM {schema}.ranges WHERE filled_at IS NULL AND until <= (SELECT last_value FROM {schema}.job_sequence)") > 0) await Task.Delay(TimeSpan.FromMilliseconds(100), Time);

        // Whole ranges: the first half while nothing else happens, the others beside submits.
        var ranges = await AskAsync($"SELECT count(*) FROM {schema}.ranges WHERE filled_at IS NOT NULL");
        var (first, second) = (await UntilAsync(schema, ranges / 2), await UntilAsync(schema, ranges));
        await AskAsync(
            $"UPDATE {schema}.finished SET expires_at = CASE WHEN seq < {first} THEN {now.AddSeconds(1).UtcTicks} WHEN seq < {second} THEN {now.AddSeconds(2).UtcTicks} END; SELECT 1");
        if (byRow) await AskAsync($"UPDATE {schema}.ranges SET by_row = true RETURNING 1");
        await AskAsync("VACUUM ANALYZE; CHECKPOINT; SELECT 1");
        var (disk, log, dead) = (await DiskAsync(schema), await LogAsync(), await DeadAsync(schema));
        var alone = await PurgeAsync(store, schema, now.AddSeconds(1), first, byRow);
        log = await LogAsync() - log;
        await AskAsync("SELECT pg_stat_clear_snapshot(); SELECT 1");
        dead = await DeadAsync(schema) - dead;
        var (left, quiet) = (await DiskAsync(schema), await SubmitsDuringAsync(store, () => Task.Delay(Quiet, Time)));
        var busy = await SubmitsDuringAsync(store, () => PurgeAsync(store, schema, now.AddSeconds(2), second, byRow));
        Console.WriteLine($"| {(byRow ? "row by row" : "by range")} | {first - 1}, {second - first} | {alone.TotalSeconds:0.0} | {log / 1e6:0} | {dead} | {disk / 1e6:0}, {left / 1e6:0} | {quiet} | {busy} |");
    }

    private async Task FillAsync(PostgreSqlStorage store, DateTimeOffset now)
    {
        var session = SessionId.New();
        await store.Sessions.OpenAsync(new WorkerSession { Id = session, Worker = "bench", Slots = 1_000, OpenedAt = now, ExpiresAt = now.AddHours(1) }, default);
        for (var done = 0; done < jobs; done += 1_000)
        {
            await store.Jobs.SubmitAsync(new JobBatch([.. Enumerable.Range(0, 1_000).Select(_ => Job("old", now))], false, null, now), default);
            var claimed = await store.Queue.ClaimAsync(new ClaimRequest(session, [new QueueClaim("default", ["old"], 1_000)], SuspectLimit: 1, now), default);
            await store.Queue.SettleAsync([.. claimed.Jobs.Select(job => new JobChange(job.Head, Succeeded(job.Head, now)) { Result = Result() })], default);
        }

        // What makes the last range a filled one.
        await store.Jobs.SubmitAsync(new JobBatch([.. Enumerable.Range(0, 1_000).Select(_ => Job("kept", now))], false, null, now), default);
    }

    /// <summary>As the engine does, slice by slice; by range it is over when the ranges are gone.</summary>
    private async Task<TimeSpan> PurgeAsync(PostgreSqlStorage store, string schema, DateTimeOffset asOf, long until, bool byRow)
    {
        var began = Time.GetTimestamp();
        while ((await store.Retention.PurgeExpiredAsync(asOf, Slice, default)).Jobs > 0)
        {
        }

        var took = Time.GetElapsedTime(began);
        while (!byRow && await AskAsync($"SELECT count(*) FROM {schema}.ranges WHERE until <= {until}") > 0) await Task.Delay(TimeSpan.FromMilliseconds(100), Time);
        return took;
    }

    private Task<long> UntilAsync(string schema, long ranges) => AskAsync($"SELECT until FROM {schema}.ranges ORDER BY first OFFSET {ranges - 1} LIMIT 1");

    private async Task<string> SubmitsDuringAsync(PostgreSqlStorage store, Func<Task> work)
    {
        var doing = work();
        var waits = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / SubmitsPerSecond), Time);
        var open = new List<Task>();
        while (!doing.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            open.Add(OneAsync());
        }

        await Task.WhenAll(open);
        await doing;
        waits.Sort();
        return $"{waits[waits.Count / 2]:0.0} / {waits[(int)(waits.Count * 0.99)]:0.0} / {waits[^1]:0.0}";

        async Task OneAsync()
        {
            var (now, began) = (Time.GetUtcNow(), Stopwatch.GetTimestamp());
            await store.Jobs.SubmitAsync(new JobBatch([Job("kept", now)], false, null, now), default);
            lock (waits) waits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private NewJob Job(string type, DateTimeOffset now) => new(
        new JobHead { Tenant = "default", Id = JobId.New(now), Type = type, Queue = "default", Owner = "bench", DueAt = now, CreatedAt = now, UpdatedAt = now },
        new JobDetails { RequestId = Guid.NewGuid() }, new JobInput(Bytes()));

    private JobResult Result() => new("application/octet-stream", Bytes(), null, bytes, "sha-256=:AAAA:");

    /// <summary>What does not compress.</summary>
    private byte[] Bytes()
    {
        var content = new byte[bytes];
        RandomNumberGenerator.Fill(content);
        return content;
    }

    private static JobHead Succeeded(JobHead head, DateTimeOffset now) => head with
    {
        State = JobState.Succeeded,
        Version = head.Version + 1,
        Session = null,
        FinishedAt = now,
        UpdatedAt = now,
    };

    private Task<long> LogAsync() => AskAsync("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");

    private Task<long> DeadAsync(string schema) => AskAsync($"SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_all_tables WHERE schemaname = '{schema}' OR relid IN (SELECT reltoastrelid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace)");

    private Task<long> DiskAsync(string schema) => AskAsync($"SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = '{schema}'::regnamespace");

    private async Task<long> AskAsync(string sql)
    {
        await using var open = new NpgsqlConnection(connection + ";Pooling=false;Command Timeout=0");
        await open.OpenAsync();
        foreach (var one in sql.Split("; ")[..^1]) await new NpgsqlCommand(one, open).ExecuteNonQueryAsync();
        return Convert.ToInt64(await new NpgsqlCommand(sql.Split("; ")[^1], open).ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
