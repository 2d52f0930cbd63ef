using Errand.Storage;
using Errand.Storage.Sqlite;
using Errand.Transactions;
using Microsoft.Data.Sqlite;

namespace Errand;

/// <summary>Submits in transactions of the app, on SQLite: what is checked at once, what is found when, and what becomes of a job whose place was taken meanwhile.</summary>
public sealed class TransactionTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("errand-transactions-").FullName;
    private SqliteStorage? _storage;
    private Engine? _engine;
    private SqliteConnection? _app;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Engine Engine => _engine!;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
        if (_storage is not null) await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_job_is_found_as_soon_as_it_is_committed_and_never_when_it_is_rolled_back()
    {
        await StartAsync();
        var committed = await InTransactionAsync(new JobSubmission { Type = "work" }, transaction => transaction.Commit());
        var dropped = await InTransactionAsync(new JobSubmission { Type = "work" }, transaction => transaction.Rollback());

        Assert.Equal(SubmitReceiptKind.Created, committed.Kind);
        Assert.Equal(JobState.Queued, (await Engine.FindAsync(committed.Job)).Head.State);
        Assert.Equal(default, await Engine.Client.FindAsync(dropped.Job.Head.Id, cancellationToken: Stop));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_is_woken_by_the_commit_and_not_before()
    {
        await StartAsync();
        var worker = await Engine.OpenWorkerAsync();
        var sweep = Engine.Sweep<EnlistmentSweep>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sweeping = sweep.SweepAsync(end.Token).AsTask();
        var waiting = worker.WaitForWorkAsync(TimeSpan.FromHours(1));

        await using (var transaction = _app!.BeginTransaction())
        {
            await Engine.Client.SubmitAsync(new JobSubmission { Type = "work" }, transaction, Stop);
            for (var i = 0; i < 80; i++) await MoveAsync();
            Assert.False(waiting.IsCompleted, "an uncommitted job woke a worker");
            transaction.Commit();
        }

        while (!waiting.IsCompleted) await MoveAsync();
        Assert.Single(await worker.ClaimAsync());
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweeping);
    }

    [Fact]
    public async Task What_is_wrong_or_in_the_way_is_said_at_once()
    {
        await StartAsync();
        var holder = await Engine.SubmitAsync(change: one => one with { UniqueKey = "key" });
        await using var transaction = _app!.BeginTransaction();

        var invalid = await RefusedAsync(new JobSubmission { Type = "work", Priority = 12 }, transaction);
        var unknown = await RefusedAsync(new JobSubmission { Type = "unheard-of" }, transaction);
        var taken = await RefusedAsync(new JobSubmission { Type = "work", UniqueKey = "key", OnConflict = UniqueConflict.Reject }, transaction);
        var reused = await Engine.Client.SubmitAsync(new JobSubmission { Type = "work", UniqueKey = "key" }, transaction, Stop);
        transaction.Commit();

        Assert.Equal("#/priority", Assert.Single(invalid.Errors).Pointer);
        Assert.Equal(JobProblems.UnknownJobType, unknown.Name);
        Assert.Equal(JobProblems.UniqueKeyConflict, taken.Name);
        Assert.Equal((SubmitReceiptKind.Reused, holder.Head.Id), (reused.Kind, reused.Job.Head.Id));
        Assert.Empty(await _storage!.ListEnlistedAsync(10, Stop));
    }

    [Fact]
    public async Task A_job_whose_unique_key_was_taken_before_the_commit_is_there_and_says_so()
    {
        await StartAsync();
        var receipt = await InTransactionAsync(new JobSubmission { Type = "work", UniqueKey = "key" }, transaction =>
        {
            // Meanwhile, elsewhere.
        }, alsoBefore: () => Engine.SubmitAsync(change: one => one with { UniqueKey = "key" }));
        var holder = Assert.Single((await Engine.Client.ListAsync(new JobFilter(), cancellationToken: Stop)).Jobs);

        await Engine.Get<EnlistedJobs>().TakeOverAsync(Stop);

        var job = await Engine.FindAsync(receipt.Job);
        Assert.Equal(JobState.Canceled, job.Head.State);
        Assert.Contains(holder.Head.Id.ToString(), job.Head.CancelReason, StringComparison.Ordinal);
        var worker = await Engine.OpenWorkerAsync();
        Assert.Equal(holder.Head.Id, Assert.Single(await worker.ClaimAsync()).Head.Id);
        Assert.Empty(await _storage!.ListEnlistedAsync(10, Stop));
    }

    [Fact]
    public async Task A_job_whose_upload_was_used_before_the_commit_is_there_and_says_so()
    {
        await StartAsync();
        var upload = JobId.New(Engine.Now).ToString();
        await _storage!.Uploads.AddAsync(
            new Upload(upload, JobNames.DefaultTenant, "alice", "csv", 3, 120, "sha-256=:AAAA:", "at/one", Engine.Now, Engine.Now.AddHours(1)), Stop);
        var submission = new JobSubmission { Type = "work", ItemsFrom = upload };

        var receipt = await InTransactionAsync(submission, _ => { }, alsoBefore: async () => await Engine.Client.SubmitAsync(submission, cancellationToken: Stop));
        await Engine.Get<EnlistedJobs>().TakeOverAsync(Stop);

        var job = await Engine.FindAsync(receipt.Job);
        Assert.Equal(JobState.Canceled, job.Head.State);
        Assert.Contains("upload", job.Head.CancelReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_submitted_again_after_a_rollback_is_found_as_soon_as_it_is_committed()
    {
        await StartAsync();
        var submission = new JobSubmission { Type = "work", Id = JobId.New(Engine.Now) };
        await InTransactionAsync(submission, transaction => transaction.Rollback());
        await using (var transaction = _app!.BeginTransaction())
        {
            await Engine.Client.SubmitAsync(submission, transaction, Stop);
            Engine.Time.Advance(TimeSpan.FromSeconds(1));
            await Engine.Get<EnlistedJobs>().LookAsync(Stop);
            transaction.Commit();
        }

        Assert.NotNull((await Engine.Client.FindAsync(submission.Id!.Value, cancellationToken: Stop)).Job);
    }

    [Fact]
    public async Task A_job_is_found_and_its_key_is_held_while_the_app_is_writing_again()
    {
        await StartAsync();
        var submission = new JobSubmission { Type = "work", UniqueKey = "key" };
        var committed = await InTransactionAsync(submission, _ => { });
        var enlisted = Engine.Get<EnlistedJobs>();
        await using (var transaction = _app!.BeginTransaction())
        {
            var again = await Engine.Client.SubmitAsync(submission, transaction, Stop);
            var other = await Engine.Client.SubmitAsync(new JobSubmission { Type = "work", UniqueKey = "other" }, transaction, Stop);
            var same = await Engine.Client.SubmitAsync(new JobSubmission { Type = "work", UniqueKey = "other" }, transaction, Stop);
            Assert.Equal((SubmitReceiptKind.Reused, committed.Job.Head.Id), (again.Kind, again.Job.Head.Id));
            Assert.Equal((SubmitReceiptKind.Reused, other.Job.Head.Id), (same.Kind, same.Job.Head.Id));

            // The app's lock keeps the row; the job is there all the same, and the row is tried again.
            await enlisted.TakeOverAsync(Stop);
            Assert.Equal(JobState.Queued, (await Engine.FindAsync(committed.Job)).Head.State);
            Assert.Single(await _storage!.ListEnlistedAsync(10, Stop));
            Assert.NotNull(await enlisted.LookAsync(Stop));
            transaction.Rollback();
        }

        Engine.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await enlisted.LookAsync(Stop));
        Assert.Empty(await _storage!.ListEnlistedAsync(10, Stop));
    }

    [Fact]
    public async Task A_crash_before_such_a_job_is_canceled_leaves_it_to_the_next_round()
    {
        await StartAsync();
        var receipt = await InTransactionAsync(
            new JobSubmission { Type = "work", UniqueKey = "key" }, _ => { }, alsoBefore: () => Engine.SubmitAsync(change: one => one with { UniqueKey = "key" }));
        var enlisted = Assert.Single(await _storage!.ListEnlistedAsync(10, Stop));
        var aside = enlisted.Job with { Head = enlisted.Job.Head with { UniqueKey = null, DueAt = enlisted.Job.Head.DueAt.AddDays(1) } };
        await _storage.Jobs.SubmitAsync(new JobBatch([aside], Atomic: false, Idempotency: null, Engine.Now), Stop);

        await Engine.Get<EnlistedJobs>().TakeOverAsync(Stop);

        Assert.Equal(JobState.Canceled, (await Engine.FindAsync(receipt.Job)).Head.State);
    }

    [Fact]
    public async Task What_a_dead_process_had_committed_is_there_before_the_next_one_answers()
    {
        await StartAsync();
        var receipt = await InTransactionAsync(new JobSubmission { Type = "work", Input = "{\"n\":1}"u8.ToArray() }, transaction => transaction.Commit());
        await _engine!.DisposeAsync();
        await _storage!.DisposeAsync();

        await StartAsync();

        var job = await Engine.FindAsync(receipt.Job, JobParts.Input);
        Assert.Equal("{\"n\":1}"u8.ToArray(), job.Input!.Json.ToArray());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(10, 2)]
    [InlineData(80, 10)]
    [InlineData(4_000, 500)]
    [InlineData(3_600_000, 1_000)]
    public async Task A_job_waits_for_an_eighth_of_what_its_transaction_took(int open, int wait)
    {
        await StartAsync();
        await using var transaction = _app!.BeginTransaction();
        var enlisted = Engine.Get<EnlistedJobs>();
        await Engine.Client.SubmitAsync(new JobSubmission { Type = "work" }, transaction, Stop);
        Engine.Time.Advance(TimeSpan.FromMilliseconds(open));

        await enlisted.LookAsync(Stop);
        Assert.Equal(TimeSpan.FromMilliseconds(wait), await enlisted.LookAsync(Stop));
    }

    [Fact]
    public async Task A_transaction_that_is_forgotten_is_asked_once_a_second_and_then_let_go()
    {
        await StartAsync();
        await using var transaction = _app!.BeginTransaction();
        await Engine.Client.SubmitAsync(new JobSubmission { Type = "work" }, transaction, Stop);
        var enlisted = Engine.Get<EnlistedJobs>();
        Engine.Time.Advance(TimeSpan.FromHours(1));

        var pause = await enlisted.LookAsync(Stop);
        transaction.Rollback();
        Engine.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), pause);
        Assert.Null(await enlisted.LookAsync(Stop));
    }

    [Fact]
    public async Task A_store_that_cannot_do_it_names_those_that_can()
    {
        await using var engine = await Engine.StartAsync();
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Stop);
        await using var transaction = connection.BeginTransaction();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await engine.Client.SubmitAsync(new JobSubmission { Type = "work" }, transaction, Stop));

        Assert.Contains("UseSqlite", refusal.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        _storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = Path.Combine(_folder, "data") });
        _engine = await Engine.StartAsync(storage: _storage);
        _app ??= new SqliteConnection($"Data Source={Path.Combine(_folder, "app.db")};Pooling=False");
        await _app.OpenAsync(Stop);
    }

    private async Task<SubmitReceipt> InTransactionAsync(JobSubmission submission, Action<SqliteTransaction> end, Func<Task>? alsoBefore = null)
    {
        await using var transaction = _app!.BeginTransaction();
        var receipt = await Engine.Client.SubmitAsync(submission, transaction, Stop);
        if (alsoBefore is not null) await alsoBefore();
        end(transaction);
        if (transaction.Connection is not null) transaction.Commit();
        return receipt;
    }

    private async Task<JobProblem> RefusedAsync(JobSubmission submission, SqliteTransaction transaction) =>
        (await Assert.ThrowsAsync<JobProblemException>(async () => await Engine.Client.SubmitAsync(submission, transaction, Stop))).Problem;

    /// <summary>Moves the clock by a millisecond, and lets others run.</summary>
    private async Task MoveAsync()
    {
        Stop.ThrowIfCancellationRequested();
        Engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Task.Yield();
    }
}
