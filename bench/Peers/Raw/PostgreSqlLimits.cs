using System.Text;
using Errand.Storage.PostgreSql;
using Npgsql;
using NpgsqlTypes;

namespace Errand.Peers.Raw;

/// <summary>
/// What PostgreSQL itself does with Errand's tables and indexes, driven by prepared statements and COPY without Errand's code. A job is what Errand
/// writes for one with an input: a row each of jobs, waiting and job_inputs; then one of claimed; then one of finished.
/// </summary>
internal sealed class PostgreSqlLimits(string connection, Plan plan) : IAsyncDisposable
{
    private const int PerClaim = 500;
    private const long Now = 639_000_000_000_000_000;
    private const long Shelf = 30;
    private static readonly byte[] Input = Encoding.UTF8.GetBytes($"\"{Contender.Argument}\"");
    private static readonly int[] ConnectionsTried = [1, 2];

    private const string InsertOne = """
        WITH job AS (
            INSERT INTO errand.jobs (seq, id, lane, priority, version, due_at, created_at, updated_at, attempt, max_attempts, failures, losses, request_id, tenant, owner)
            VALUES (nextval('errand.job_sequence'), $1, 1, 5, 1, $2, $2, $2, 0, 5, 0, 0, $3, 'default', 'bench') RETURNING seq),
        input AS (INSERT INTO errand.job_inputs (job, version, json) SELECT seq, 1, $4 FROM job)
        INSERT INTO errand.waiting (shelf, due_at, seq, version, slot) SELECT 30, $2, seq, 1, 0 FROM job
        """;

    // All that a worker has to know of a job comes back with it.
    private const string Claim = """
        WITH picked AS (
            SELECT seq FROM errand.waiting WHERE slot = 0 AND shelf = 30 AND due_at <= $1 ORDER BY due_at, seq LIMIT $2 FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM errand.waiting AS waiting USING picked WHERE waiting.slot = 0 AND waiting.seq = picked.seq RETURNING waiting.seq),
        taken AS (
            INSERT INTO errand.claimed (seq, version, session, token, started_at, updated_at, attempt, state, suspect)
            SELECT seq, 2, $3, nextval('errand.token_sequence'), $1, $1, 1, 1, false FROM gone RETURNING seq, version, token)
        SELECT taken.seq, taken.version, taken.token, jobs.*, input.json
        FROM taken JOIN errand.jobs AS jobs ON jobs.seq = taken.seq LEFT JOIN errand.job_inputs AS input ON input.job = taken.seq
        """;

    private const string Complete = """
        WITH gone AS (
            DELETE FROM errand.claimed AS claimed USING unnest($1::bigint[], $2::bigint[]) AS job (seq, version)
            WHERE claimed.seq = job.seq AND claimed.version = job.version RETURNING claimed.seq, claimed.token, claimed.started_at)
        INSERT INTO errand.finished (seq, version, token, updated_at, started_at, finished_at, expires_at, attempt, failures, losses, state, has_result, tenant)
        SELECT seq, 3, token, $3, started_at, $3, $3 + 6048000000000, 1, 0, 0, 3, false, 'default' FROM gone
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);
    private long _sequence = 1_000_000_000;

    public async Task MeasureAsync()
    {
        await using (var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = connection }))
        {
            await store.Schema.MigrateAsync(TimeProvider.System.GetUtcNow(), default);
        }

        await RunAsync("INSERT INTO errand.lanes (id, tenant, queue, type) OVERRIDING SYSTEM VALUE VALUES (1, 'default', 'default', 'bench.noop')");
        await using (var open = await _source.OpenConnectionAsync())
        {
            Answers.About(open.PostgreSqlVersion.ToString(), [$"COPY of {plan.PerCall} jobs a transaction on 2 connections; claims and completions of {PerClaim}, the better of 1 and 2 connections"]);
        }

        await OnConnectionsAsync(4, _ => InsertAsync(plan.Warm));
        await TimeAsync("single", 16, plan.Singles / 16, (_, count) => InsertAsync(count));
        await TimeAsync("bulk", 2, (plan.Jobs - plan.Singles) / 2 / plan.PerCall * plan.PerCall, (_, count) => CopyAsync(count));
        await RunAsync("ANALYZE errand.jobs, errand.job_inputs, errand.waiting");
        foreach (var connections in ConnectionsTried)
        {
            await TimeAsync($"execute{connections}", connections, Math.Max(1, plan.Jobs * 2 / 5 / connections / PerClaim) * PerClaim, (_, count) => ClaimAndCompleteAsync(count));
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task TimeAsync(string work, int connections, int each, Func<int, int, Task> act)
    {
        GC.Collect();
        var began = TimeProvider.System.GetTimestamp();
        await OnConnectionsAsync(connections, n => act(n, each));
        Answers.Rate(work, (long)each * connections, TimeProvider.System.GetElapsedTime(began).TotalSeconds);
    }

    private static Task OnConnectionsAsync(int connections, Func<int, Task> act) => Task.WhenAll(Enumerable.Range(0, connections).Select(n => Task.Run(() => act(n))));

    private async Task InsertAsync(int count)
    {
        await using var open = await _source.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(InsertOne, open) { Parameters = { Of<Guid>(), Of<long>(), Of<Guid>(), Of<byte[]>() } };
        await insert.PrepareAsync();
        for (var n = 0; n < count; n++)
        {
            Set(insert, Guid.CreateVersion7(), Now + n, Guid.NewGuid(), Input);
            await insert.ExecuteNonQueryAsync();
        }
    }

    private async Task CopyAsync(int count)
    {
        await using var open = await _source.OpenConnectionAsync();
        for (var done = 0; done < count; done += plan.PerCall)
        {
            var first = Interlocked.Add(ref _sequence, plan.PerCall) - plan.PerCall;
            await using var transaction = await open.BeginTransactionAsync();
            await CopyJobsAsync(open, first);
            await CopyInputsAsync(open, first);
            await CopyWaitingAsync(open, first);
            await transaction.CommitAsync();
        }
    }

    private async Task CopyJobsAsync(NpgsqlConnection open, long first)
    {
        await using var copy = await open.BeginBinaryImportAsync(
            "COPY errand.jobs (seq, id, lane, priority, version, due_at, created_at, updated_at, attempt, max_attempts, failures, losses, request_id, tenant, owner) FROM STDIN (FORMAT binary)");
        for (var n = 0; n < plan.PerCall; n++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(first + n, NpgsqlDbType.Bigint);
            await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
            await copy.WriteAsync(1, NpgsqlDbType.Integer);
            await copy.WriteAsync((short)5, NpgsqlDbType.Smallint);
            await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
            for (var time = 0; time < 3; time++) await copy.WriteAsync(Now + n, NpgsqlDbType.Bigint);
            await copy.WriteAsync(0, NpgsqlDbType.Integer);
            await copy.WriteAsync(5, NpgsqlDbType.Integer);
            await copy.WriteAsync(0, NpgsqlDbType.Integer);
            await copy.WriteAsync(0, NpgsqlDbType.Integer);
            await copy.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid);
            await copy.WriteAsync("default", NpgsqlDbType.Text);
            await copy.WriteAsync("bench", NpgsqlDbType.Text);
        }

        await copy.CompleteAsync();
    }

    private async Task CopyInputsAsync(NpgsqlConnection open, long first)
    {
        await using var copy = await open.BeginBinaryImportAsync("COPY errand.job_inputs (job, version, json) FROM STDIN (FORMAT binary)");
        for (var n = 0; n < plan.PerCall; n++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(first + n, NpgsqlDbType.Bigint);
            await copy.WriteAsync(1, NpgsqlDbType.Integer);
            await copy.WriteAsync(Input, NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }

    private async Task CopyWaitingAsync(NpgsqlConnection open, long first)
    {
        await using var copy = await open.BeginBinaryImportAsync("COPY errand.waiting (shelf, due_at, seq, version, slot) FROM STDIN (FORMAT binary)");
        for (var n = 0; n < plan.PerCall; n++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Shelf, NpgsqlDbType.Bigint);
            await copy.WriteAsync(Now + n, NpgsqlDbType.Bigint);
            await copy.WriteAsync(first + n, NpgsqlDbType.Bigint);
            await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync((short)0, NpgsqlDbType.Smallint);
        }

        await copy.CompleteAsync();
    }

    private async Task ClaimAndCompleteAsync(int count)
    {
        await using var open = await _source.OpenConnectionAsync();
        await using var claim = new NpgsqlCommand(Claim, open) { Parameters = { Of<long>(), Of<int>(), Of<Guid>() } };
        await using var complete = new NpgsqlCommand(Complete, open) { Parameters = { Of<long[]>(), Of<long[]>(), Of<long>() } };
        await claim.PrepareAsync();
        await complete.PrepareAsync();
        var session = Guid.NewGuid();
        for (var done = 0; done < count; done += PerClaim)
        {
            var (jobs, versions) = (new List<long>(PerClaim), new List<long>(PerClaim));
            Set(claim, Now + TimeSpan.TicksPerDay, PerClaim, session);
            await using (var rows = await claim.ExecuteReaderAsync())
            {
                while (await rows.ReadAsync())
                {
                    jobs.Add(rows.GetInt64(0));
                    versions.Add(rows.GetInt64(1));
                }
            }

            if (jobs.Count != PerClaim) throw new InvalidOperationException($"{jobs.Count} jobs were claimed in place of {PerClaim}.");
            Set(complete, jobs.ToArray(), versions.ToArray(), Now + TimeSpan.TicksPerDay);
            if (await complete.ExecuteNonQueryAsync() != PerClaim) throw new InvalidOperationException("Not all were completed.");
        }
    }

    private async Task RunAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter<T> Of<T>() => new();

    private static void Set<T1, T2, T3>(NpgsqlCommand command, T1 first, T2 second, T3 third)
    {
        ((NpgsqlParameter<T1>)command.Parameters[0]).TypedValue = first;
        ((NpgsqlParameter<T2>)command.Parameters[1]).TypedValue = second;
        ((NpgsqlParameter<T3>)command.Parameters[2]).TypedValue = third;
    }

    private static void Set<T1, T2, T3, T4>(NpgsqlCommand command, T1 first, T2 second, T3 third, T4 fourth)
    {
        Set(command, first, second, third);
        ((NpgsqlParameter<T4>)command.Parameters[3]).TypedValue = fourth;
    }
}
