using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Another node that took a sequence and does not come to its commit: it copies the first job under a new id.</summary>
internal sealed class SlowInserter(NpgsqlConnection connection, NpgsqlTransaction transaction, long sequence) : IAsyncDisposable
{
    public long Sequence => sequence;

    public static async Task<SlowInserter> BeginAsync(string server, string schema)
    {
        var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            $"""
             WITH taken AS (SELECT nextval('{schema}.job_sequence') AS seq),
             job AS (
                 INSERT INTO {schema}.jobs (seq, id, lane, priority, version, due_at, created_at, updated_at, attempt, max_attempts, failures,
                     losses, request_id, tenant, owner)
                 SELECT taken.seq, gen_random_uuid(), lane, priority, version, due_at, created_at, updated_at, 0, max_attempts, 0, 0, request_id, tenant, owner
                 FROM taken, (SELECT * FROM {schema}.jobs ORDER BY seq LIMIT 1) AS first
                 RETURNING *)
             INSERT INTO {schema}.waiting (shelf, due_at, seq, version, slot) SELECT lane * 20 + priority * 2, due_at, seq, version, 0 FROM job RETURNING seq
             """,
            connection);
        return new SlowInserter(connection, transaction, (long)(await insert.ExecuteScalarAsync())!);
    }

    public Task CommitAsync() => transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
