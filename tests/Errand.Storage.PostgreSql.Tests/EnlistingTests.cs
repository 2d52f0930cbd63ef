using Npgsql;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Transactions of the app on a server that others use too.</summary>
public sealed class EnlistingTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgreSqlFixture _fixture = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Two_open_transactions_with_one_unique_key_give_one_job()
    {
        var storage = await _fixture.OpenAsync();
        await using var first = await BeginAsync(storage);
        await using var second = await BeginAsync(storage);
        var (winner, loser) = (Job("one"), Job("one"));
        Assert.Equal(SubmitKind.Created, (await EnlistAsync(storage, first, winner)).Kind);

        var waiting = EnlistAsync(storage, second, loser);
        await first.CommitAsync(Stop);
        var outcome = await waiting;
        await second.CommitAsync(Stop);

        Assert.Equal(SubmitKind.UniqueKeyTaken, outcome.Kind);
        Assert.Equal(winner.Head.Id, outcome.Head!.Id);
        Assert.Equal(default, await storage.Jobs.FindAsync(loser.Head.Key, JobParts.Status, Stop));
    }

    [Fact]
    public async Task A_key_whose_holder_rolls_back_is_free()
    {
        var storage = await _fixture.OpenAsync();
        await using var first = await BeginAsync(storage);
        await using var second = await BeginAsync(storage);
        await EnlistAsync(storage, first, Job("one"));

        var waiting = EnlistAsync(storage, second, Job("one"));
        await first.RollbackAsync(Stop);

        Assert.Equal(SubmitKind.Created, (await waiting).Kind);
    }

    [Fact]
    public async Task A_transaction_on_another_database_is_refused_and_can_be_gone_on_with()
    {
        var storage = await _fixture.OpenAsync();
        var server = await TestServer.ConnectionStringAsync();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = "template1", Pooling = false }.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(async () => await EnlistAsync(storage, transaction, Job(null)));

        Assert.Contains("another database", refusal.Message, StringComparison.Ordinal);
        await using var command = new NpgsqlCommand("SELECT 1", connection, transaction);
        Assert.Equal(1, await command.ExecuteScalarAsync(Stop));
    }

    [Fact]
    public async Task A_role_of_the_app_needs_the_rights_that_the_page_names_and_no_others()
    {
        var storage = await _fixture.OpenAsync();
        var server = await TestServer.ConnectionStringAsync();
        await using var owner = (NpgsqlConnection)await _fixture.OpenCallerAsync(storage);
        var schema = new NpgsqlConnectionStringBuilder(owner.ConnectionString).SearchPath;
        var role = $"app_{schema}";
        await TestServer.RunAsync(
            server,
            $"""
             CREATE ROLE {role} LOGIN;
             GRANT USAGE ON SCHEMA {schema} TO {role};
             GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO {role};
             GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
             """);
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Username = role, Pooling = false }.ConnectionString);
            await connection.OpenAsync(Stop);
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            var job = Job("one");
            job = job with
            {
                Head = job.Head with { Deadline = Noon.AddHours(1) },
                Details = job.Details with { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" } },
                Input = new JobInput("{}"u8.ToArray()),
            };

            Assert.Equal(SubmitKind.Created, (await EnlistAsync(storage, transaction, job)).Kind);
            await transaction.CommitAsync(Stop);
            Assert.NotNull((await storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, Stop)).Job);
        }
        finally
        {
            await TestServer.RunAsync(server, $"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    private static async Task<SubmitOutcome> EnlistAsync(IJobStorage storage, NpgsqlTransaction transaction, NewJob job) =>
        (await ((ITransactionalStorage)storage).EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, Noon), transaction, Stop)).Jobs[0];

    private async Task<NpgsqlTransaction> BeginAsync(IJobStorage storage) =>
        await ((NpgsqlConnection)await _fixture.OpenCallerAsync(storage)).BeginTransactionAsync(Stop);

    private static NewJob Job(string? uniqueKey) => new(
        new JobHead { Tenant = "default", Id = JobId.New(Noon), Type = "work", Queue = "default", Owner = "ann", DueAt = Noon, CreatedAt = Noon, UpdatedAt = Noon, UniqueKey = uniqueKey },
        new JobDetails { RequestId = Guid.NewGuid() }, JobInput.None);
}
