using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>How the server goes about it in a store that is a second old, of which it knows nothing yet.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private readonly string _schema = TestServer.NewSchema();
    private PostgreSqlStorage _storage = null!;
    private string _server = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        _storage = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema });
        await _storage.Schema.MigrateAsync(TimeProvider.System.GetUtcNow(), default);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Theory]
    [InlineData("submit", "find_by_id", "$1::uuid[] = '{}', $2::text[] = '{}'")]
    [InlineData("find", "find", "$1::uuid[] = '{}', $2::text[] = '{}', $3::boolean[] = '{}', $4::boolean[] = '{}'")]
    [InlineData("retention", "lock_finished", "$1 = '0f8fad5b-d9cb-469f-a165-70867728950e', $2 = 'default'")]
    public async Task A_job_is_found_by_its_id_and_not_by_a_walk_over_its_tenant(string file, string name, string values)
    {
        var statement = Sql.Of(file, name).Text.Replace("errand.", $"\"{_schema}\".", StringComparison.Ordinal);
        foreach (var value in values.Split(", ").Reverse().Select(pair => pair.Split(" = "))) statement = statement.Replace(value[0], value[0].Contains("::", StringComparison.Ordinal) ? value[1] + value[0][2..] : value[1], StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "SET LOCAL enable_seqscan = off");
        var plan = await ListAsync(connection, "EXPLAIN " + statement);
        Assert.Contains(plan, line => line.Contains("jobs_id", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("jobs_own", StringComparison.Ordinal) || line.Contains("jobs_all", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_statement_of_a_transaction_is_compiled()
    {
        await using var session = await _storage.Database.OpenAsync();
        var batch = session.BeginBatch();
        batch.Npgsql.BatchCommands.Add(new NpgsqlBatchCommand("SHOW jit"));
        Assert.Equal(["off"], await session.RunAsync(batch, results => results.ListAsync(row => row.Text())));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync()) lines.Add(rows.GetString(0));
        return lines;
    }
}
