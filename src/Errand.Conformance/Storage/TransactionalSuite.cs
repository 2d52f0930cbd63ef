using System.Data.Common;
using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Jobs in transactions of the app: with its rows or not at all, and nobody else is hindered.</summary>
public abstract class TransactionalSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    private ITransactionalStorage Enlisting => (ITransactionalStorage)Storage;

    [Fact]
    public async Task A_committed_job_is_there_as_it_was_said()
    {
        await using var caller = await OpenAsync();
        var details = new JobDetails
        {
            RequestId = Guid.NewGuid(),
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["ordér"] = "4711 ☃" },
            Timeout = TimeSpan.FromSeconds(90.5),
            Retention = TimeSpan.FromDays(2),
            CorrelationId = "c",
            ParentId = "p",
            RetryOf = "r",
            ScheduleId = "s",
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            TraceState = "a=b",
            Fingerprint = "f",
            ItemCount = 3,
        };
        var job = Draft.Job(
            head => head with { Queue = "bulk", Owner = "o'brien", Priority = 8, DueAt = Draft.After(90.5), Deadline = Draft.After(3_600), MaxAttempts = 3, UniqueKey = "☃ key" },
            details, new JobInput(Draft.Utf8("""{"a":"ä"}"""), Draft.Utf8("[1,2,3]"), Version: 4));
        await using (var transaction = await caller.BeginTransactionAsync(Stop))
        {
            await EnlistAsync(transaction, job);
            await transaction.CommitAsync(Stop);
        }

        await TakeOverAsync();

        var read = await ReadAsync(job.Head.Key, JobParts.Input);
        Expect.Equal(job.Head with { Sequence = read.Head.Sequence }, read.Head, "only the sequence is the store's to give");
        Expect.That(read.Head.Sequence > 0, "it has a place among the others");
        Expect.Same(details.Labels, read.Details.Labels, "labels are kept");
        Expect.Equal(details with { Labels = read.Details.Labels }, read.Details, "details are kept");
        Expect.Bytes(job.Input.Json, read.Input!.Json, "the input is kept byte for byte");
        Expect.Bytes(job.Input.Items, read.Input.Items, "inline items are kept byte for byte");
        Expect.Equal(4, read.Input.Version, "the shape of the input is kept");
    }

    [Fact]
    public async Task Job_and_row_stay_or_go_together()
    {
        await using var caller = await OpenAsync();
        var (kept, dropped, forgotten) = (Draft.Job(), Draft.Job(), Draft.Job());
        await InTransactionAsync(caller, kept, row: 1, transaction => transaction.CommitAsync(Stop));
        await InTransactionAsync(caller, dropped, row: 2, transaction => transaction.RollbackAsync(Stop));
        await InTransactionAsync(caller, forgotten, row: 3, _ => Task.CompletedTask);

        await TakeOverAsync();

        Expect.Same([1L], await RowsAsync(caller), "only the committed row is there");
        Expect.NotNull((await FindAsync(kept)).Job, "the job of the committed row is there");
        Expect.Equal(default, await FindAsync(dropped), "a job of a transaction that was rolled back never was");
        Expect.Equal(default, await FindAsync(forgotten), "a transaction that was left without a commit is rolled back");
    }

    [Fact]
    public async Task Nobody_sees_or_claims_a_job_before_the_commit_and_the_end_is_told()
    {
        await using var caller = await OpenAsync();
        var session = await OpenSessionAsync();
        var job = Draft.Job();
        await using var transaction = await caller.BeginTransactionAsync(Stop);
        var enlistment = await EnlistAsync(transaction, job);

        await TakeOverAsync();
        Expect.Equal(default, await FindAsync(job), "an uncommitted job is nobody's to see");
        Expect.Equal(0, (await ClaimAsync(session.Id)).Jobs.Count, "an uncommitted job is nobody's to run");
        Expect.That(!await enlistment.HasEndedAsync(Stop), "the transaction is open");

        await transaction.CommitAsync(Stop);
        Expect.That(await enlistment.HasEndedAsync(Stop), "the transaction is over");
        await TakeOverAsync();
        Expect.Same([job.Head.Id], (await ClaimAsync(session.Id)).Jobs.Select(claimed => claimed.Head.Id), "the job is there with the commit");
    }

    [Fact]
    public async Task A_rollback_is_told_as_an_end()
    {
        await using var caller = await OpenAsync();
        await using var transaction = await caller.BeginTransactionAsync(Stop);
        var enlistment = await EnlistAsync(transaction, Draft.Job());

        await transaction.RollbackAsync(Stop);

        Expect.That(await enlistment.HasEndedAsync(Stop), "nothing will come of it any more");
    }

    [Fact]
    public async Task A_return_to_a_savepoint_takes_the_job_back()
    {
        await using var caller = await OpenAsync();
        var (before, after) = (Draft.Job(), Draft.Job());
        await using (var transaction = await caller.BeginTransactionAsync(Stop))
        {
            await EnlistAsync(transaction, before);
            await transaction.SaveAsync("here", Stop);
            await EnlistAsync(transaction, after);
            await transaction.RollbackAsync("here", Stop);
            await transaction.CommitAsync(Stop);
        }

        await TakeOverAsync();

        Expect.NotNull((await FindAsync(before)).Job, "what came before the savepoint is committed");
        Expect.Equal(default, await FindAsync(after), "what came after it is not");
    }

    [Fact]
    public async Task What_is_in_the_way_is_told_at_once_and_the_transaction_goes_on()
    {
        await using var caller = await OpenAsync();
        var purged = await FinishNewAsync(keep: TimeSpan.Zero);
        var there = await SubmitAsync(head => head with { UniqueKey = "one" });
        await Storage.Retention.PurgeAsync(purged.Key, tombstone: true, Draft.Noon, Stop);
        await using var transaction = await caller.BeginTransactionAsync(Stop);

        var sameId = await AskAsync(transaction, Draft.Job(head => head with { Id = there.Id }));
        var sameKey = await AskAsync(transaction, Draft.Job(head => head with { UniqueKey = "one" }));
        var gone = await AskAsync(transaction, Draft.Job(head => head with { Id = purged.Id }));
        var fine = Draft.Job(head => head with { UniqueKey = "two" });
        await EnlistAsync(transaction, fine);
        var again = await AskAsync(transaction, Draft.Job(head => head with { UniqueKey = "two" }));
        await InsertAsync(transaction, row: 1);
        await transaction.CommitAsync(Stop);
        await TakeOverAsync();

        Expect.Equal(new SubmitOutcome(SubmitKind.IdExists, there), sameId, "the id is another job's");
        Expect.Equal(new SubmitOutcome(SubmitKind.UniqueKeyTaken, there), sameKey, "a live job has the key");
        Expect.Equal(new SubmitOutcome(SubmitKind.IdPurged, null), gone, "the id was another job's");
        Expect.Equal(SubmitKind.UniqueKeyTaken, again.Kind, "a job of the same transaction has the key");
        Expect.NotNull((await FindAsync(fine)).Job, "what was in the way of others is not in the way of this one");
        Expect.Same([1L], await RowsAsync(caller), "the app's row was not hindered");
    }

    [Fact]
    public async Task A_batch_is_written_whole_or_not_at_all()
    {
        await using var caller = await OpenAsync();
        var there = await SubmitAsync();
        var (first, second, third) = (Draft.Job(), Draft.Job(), Draft.Job());
        await using (var transaction = await caller.BeginTransactionAsync(Stop))
        {
            var refused = await Enlisting.EnlistAsync(new JobBatch([first, Draft.Job(head => head with { Id = there.Id })], true, null, Draft.Noon), transaction, Stop);
            Expect.Same([SubmitKind.NotTried, SubmitKind.IdExists], refused.Jobs.Select(job => job.Kind), "one is in the way of all");
            var stored = await Enlisting.EnlistAsync(new JobBatch([second, third], true, null, Draft.Noon), transaction, Stop);
            Expect.That(stored.Jobs.All(job => job.Kind == SubmitKind.Created), "nothing is in the way");
            await transaction.CommitAsync(Stop);
        }

        await TakeOverAsync();

        Expect.Equal(default, await FindAsync(first), "nothing of a refused batch was written");
        Expect.NotNull((await FindAsync(second)).Job, "the batch was written");
        Expect.NotNull((await FindAsync(third)).Job, "the batch was written");
    }

    [Fact]
    public async Task A_crash_after_the_commit_loses_nothing_and_doubles_nothing()
    {
        await using var caller = await OpenAsync();
        var (early, late) = (Draft.Job(), Draft.Job());
        await InTransactionAsync(caller, early, row: 1, transaction => transaction.CommitAsync(Stop));
        await CrashAsync();
        await TakeOverAsync(remove: false);
        Expect.NotNull((await FindAsync(early)).Job, "the next start finds it");
        await CrashAsync();
        await InTransactionAsync(caller, late, row: 2, transaction => transaction.CommitAsync(Stop));
        await TakeOverAsync();
        await TakeOverAsync();

        var session = await OpenSessionAsync();
        Expect.Same(
            new[] { early.Head.Id, late.Head.Id }.Order(), (await ClaimAsync(session.Id)).Jobs.Select(claimed => claimed.Head.Id).Order(),
            "each job is there once");
    }

    [Fact]
    public async Task Others_write_while_the_transaction_is_open()
    {
        await using var caller = await OpenAsync();
        await using var transaction = await caller.BeginTransactionAsync(Stop);
        await EnlistAsync(transaction, Draft.Job());

        var other = await SubmitAsync();
        await FinishNewAsync(head => head with { Queue = "other" });

        Expect.NotNull((await Storage.Jobs.FindAsync(other.Key, JobParts.Status, Stop)).Job, "the app's transaction holds nothing that others need");
    }

    [Fact]
    public async Task A_transaction_that_is_over_is_refused()
    {
        await using var caller = await OpenAsync();
        var transaction = await caller.BeginTransactionAsync(Stop);
        await transaction.CommitAsync(Stop);
        await transaction.DisposeAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await EnlistAsync(transaction, Draft.Job()));
    }

    /// <summary>What the engine does once a transaction is over; it may die before it removes what it has taken over.</summary>
    private async Task TakeOverAsync(bool remove = true)
    {
        var enlisted = await Enlisting.ListEnlistedAsync(100, Stop);
        if (enlisted.Count > 0) await SubmitAsync([.. enlisted.Select(one => one.Job)]);
        if (remove) await Enlisting.RemoveEnlistedAsync(enlisted, Stop);
    }

    private async Task<SubmitOutcome> AskAsync(DbTransaction transaction, NewJob job) =>
        (await Enlisting.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, Draft.Noon), transaction, Stop)).Jobs[0];

    private async Task<Enlistment> EnlistAsync(DbTransaction transaction, NewJob job)
    {
        var enlistment = await Enlisting.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, Draft.Noon), transaction, Stop);
        Expect.Equal(SubmitKind.Created, enlistment.Jobs[0].Kind, "nothing is in the way of the job");
        return enlistment;
    }

    private async Task InTransactionAsync(DbConnection caller, NewJob job, long row, Func<DbTransaction, Task> end)
    {
        await using var transaction = await caller.BeginTransactionAsync(Stop);
        await InsertAsync(transaction, row);
        await EnlistAsync(transaction, job);
        await end(transaction);
    }

    private async Task<DbConnection> OpenAsync()
    {
        var caller = await Fixture.OpenCallerAsync(Storage);
        await RunAsync(caller, null, "CREATE TABLE IF NOT EXISTS app_rows (row_number BIGINT PRIMARY KEY)");
        await RunAsync(caller, null, "DELETE FROM app_rows");
        return caller;
    }

    private static Task InsertAsync(DbTransaction transaction, long row) =>
        RunAsync(transaction.Connection!, transaction, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"INSERT INTO app_rows VALUES ({row})"));

    private static async Task RunAsync(DbConnection connection, DbTransaction? transaction, string text)
    {
        await using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (text, transaction);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<List<long>> RowsAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT row_number FROM app_rows ORDER BY row_number";
        await using var reader = await command.ExecuteReaderAsync(Stop);
        List<long> rows = [];
        while (await reader.ReadAsync(Stop)) rows.Add(reader.GetInt64(0));
        return rows;
    }

    private async Task<JobLookup> FindAsync(NewJob job) => await Storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, Stop);
}
