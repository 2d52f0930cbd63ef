using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Storing new jobs: what is kept, what is in the way, and who is hindered by it.</summary>
public abstract class SubmitSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_stored_job_reads_back_as_it_was_said()
    {
        var job = Draft.Job(
            head => head with
            {
                Queue = "bulk",
                Owner = "o'brien; DROP TABLE jobs --",
                Priority = 8,
                DueAt = Draft.After(90.5),
                Deadline = Draft.After(3_600),
                MaxAttempts = 3,
                UniqueKey = "Ünïqué ☃ key",
            },
            Everything,
            new JobInput(Draft.Utf8("""{"a":"ä"}"""), Draft.Utf8("[1,2,3]"), Version: 4));

        var stored = await SubmitAsync(job);
        var read = await ReadAsync(stored.Key, JobParts.Input);

        Expect.Equal(job.Head with { Sequence = stored.Sequence }, stored, "only the sequence is the store's to give");
        Expect.Equal(stored, read.Head, "a reader sees the head that was acknowledged");
        Expect.Same(Everything.Labels.OrderBy(l => l.Key), read.Details.Labels.OrderBy(l => l.Key), "labels are kept");
        Expect.Equal(Everything with { Labels = read.Details.Labels }, read.Details, "details are kept");
        Expect.Bytes(job.Input.Json, read.Input!.Json, "the input is kept byte for byte");
        Expect.Bytes(job.Input.Items, read.Input.Items, "inline items are kept byte for byte");
        Expect.Equal(4, read.Input.Version, "the shape of the input is kept");
    }

    [Fact]
    public async Task Sequences_grow_in_the_order_of_the_batch_and_of_the_batches()
    {
        var first = await SubmitManyAsync(1_000);
        var second = await SubmitManyAsync(10);

        var sequences = first.Concat(second).Select(head => head.Sequence).ToList();
        Expect.That(sequences[0] > 0, "0 is the sequence of a job that is not stored");
        Expect.Same(sequences.Order().Distinct(), sequences, "the sequence is the order of acceptance");
    }

    [Fact]
    public async Task An_id_that_is_there_returns_its_job_untouched()
    {
        var first = await SubmitAsync(head => head with { Priority = 1 });

        var again = (await SubmitAsync([Draft.Job(head => head with { Id = first.Id, Priority = 9 })])).Jobs[0];

        Expect.Equal(new SubmitOutcome(SubmitKind.IdExists, first), again, "a job is made once, however often its id is sent");
        Expect.Equal(first, (await ReadAsync(first.Key)).Head, "the stored job is not overwritten");
    }

    [Fact]
    public async Task An_id_belongs_to_its_tenant()
    {
        var first = await SubmitAsync();
        var other = await SubmitAsync(head => head with { Id = first.Id, Tenant = "globex" });

        Expect.Equal("globex", (await ReadAsync(other.Key)).Head.Tenant, "no tenant can probe another's ids");
        Expect.Equal(first, (await ReadAsync(first.Key)).Head, "the other tenant's job is another job");
    }

    [Fact]
    public async Task An_id_that_comes_twice_in_a_batch_is_stored_once()
    {
        var job = Draft.Job();

        var outcomes = (await SubmitAsync([job, job])).Jobs;

        Expect.Same([SubmitKind.Created, SubmitKind.IdExists], outcomes.Select(o => o.Kind), "the second finds the first in its way");
    }

    [Fact]
    public async Task A_purged_id_is_told_apart_from_a_new_one()
    {
        var finished = await FinishNewAsync();
        await Storage.Retention.PurgeAsync(finished.Key, tombstone: true, Draft.Noon, Stop);

        var outcome = (await SubmitAsync([Draft.Job(head => head with { Id = finished.Id })])).Jobs[0];

        Expect.Equal(new SubmitOutcome(SubmitKind.IdPurged, null), outcome, "an id is never given a second job while its tombstone lasts");
    }

    [Fact]
    public async Task A_taken_unique_key_returns_the_live_job()
    {
        var holder = await SubmitAsync(head => head with { UniqueKey = "nightly" });

        var outcomes = (await SubmitAsync([Keyed(), Draft.Job(), Keyed("weekly"), Keyed("weekly")])).Jobs;

        Expect.Equal(new SubmitOutcome(SubmitKind.UniqueKeyTaken, holder), outcomes[0], "one live job has the key");
        Expect.Same(
            [SubmitKind.UniqueKeyTaken, SubmitKind.Created, SubmitKind.Created, SubmitKind.UniqueKeyTaken], outcomes.Select(o => o.Kind),
            "the key is unique in a batch too, and jobs without it are not hindered");
        Expect.Equal(outcomes[2].Head, outcomes[3].Head, "the job of the same batch is in the way");
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Canceled)]
    public async Task A_unique_key_is_free_again_when_its_job_is_over(JobState end)
    {
        await FinishNewAsync(head => head with { UniqueKey = "nightly" }, state: end);

        await SubmitAsync(head => head with { UniqueKey = "nightly" });
        var third = (await SubmitAsync([Keyed()])).Jobs[0];

        Expect.Equal(SubmitKind.UniqueKeyTaken, third.Kind, "the new holder is live");
    }

    [Fact]
    public async Task A_unique_key_is_held_through_claims_retries_and_a_cancel_that_is_under_way()
    {
        var claimed = (await ClaimNewAsync(head => head with { UniqueKey = "nightly" })).Head;
        Expect.Equal(SubmitKind.UniqueKeyTaken, (await SubmitAsync([Keyed()])).Jobs[0].Kind, "a running job is live");

        var canceling = await ApplyAsync(Draft.AskToStop(claimed));
        Expect.Equal(SubmitKind.UniqueKeyTaken, (await SubmitAsync([Keyed()])).Jobs[0].Kind, "a canceling job is live");

        var waiting = await ApplyAsync(Draft.Requeue(canceling));
        Expect.Equal(
            new SubmitOutcome(SubmitKind.UniqueKeyTaken, waiting), (await SubmitAsync([Keyed()])).Jobs[0],
            "a job that waits for its next attempt is live");
    }

    [Fact]
    public async Task A_unique_key_belongs_to_its_tenant()
    {
        await SubmitAsync(head => head with { UniqueKey = "nightly" });

        await SubmitAsync(head => head with { UniqueKey = "nightly", Tenant = "globex" });
    }

    [Fact]
    public async Task A_job_that_cannot_be_stored_does_not_hinder_its_neighbours()
    {
        var there = await SubmitAsync(head => head with { UniqueKey = "nightly" });

        var batch = await SubmitAsync(
            [Draft.Job(), Draft.Job(head => head with { Id = there.Id }), Draft.Job(), Keyed(), Naming("no such upload"), Draft.Job()]);

        Expect.Equal(BatchKind.Stored, batch.Kind, "a batch that is not atomic is never rolled back");
        Expect.Same(
            [
                SubmitKind.Created, SubmitKind.IdExists, SubmitKind.Created,
                SubmitKind.UniqueKeyTaken, SubmitKind.UploadMissing, SubmitKind.Created,
            ],
            batch.Jobs.Select(o => o.Kind), "each job is judged by itself");
        foreach (var outcome in batch.Jobs.Where(o => o.Kind is SubmitKind.Created)) await ReadAsync(outcome.Head!.Key);
    }

    [Fact]
    public async Task An_atomic_batch_is_stored_as_a_whole()
    {
        var batch = await SubmitAsync([Draft.Job(), Draft.Job(), Draft.Job()], atomic: true);

        Expect.Equal(BatchKind.Stored, batch.Kind, "nothing is in its way");
        foreach (var outcome in batch.Jobs) await ReadAsync(outcome.Head!.Key);
    }

    [Fact]
    public async Task An_atomic_batch_with_a_job_that_cannot_be_stored_stores_nothing()
    {
        var there = await SubmitAsync();
        NewJob[] jobs = [Keyed(), Draft.Job(head => head with { Id = there.Id }), Draft.Job(), Naming("no such upload")];

        var batch = await SubmitAsync(jobs, atomic: true);

        Expect.Equal(BatchKind.RolledBack, batch.Kind, "all or none");
        Expect.Same(
            [SubmitKind.NotTried, SubmitKind.IdExists, SubmitKind.NotTried, SubmitKind.UploadMissing], batch.Jobs.Select(o => o.Kind),
            "every job that is wrong is named, the others are fine by themselves");
        foreach (var job in jobs.Where(job => job.Head.Id != there.Id))
        {
            Expect.Null((await Storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, Stop)).Job, "nothing was stored");
        }

        Expect.Equal(SubmitKind.Created, (await SubmitAsync([jobs[0]])).Jobs[0].Kind, "neither its id nor its unique key was taken");
    }

    [Fact]
    public async Task A_large_input_is_kept()
    {
        var input = new byte[1024 * 1024];
        Array.Fill(input, (byte)'7');

        var stored = await SubmitAsync(Draft.Job(input: new JobInput(input)));

        Expect.Bytes(input, (await ReadAsync(stored.Key, JobParts.Input)).Input!.Json, "an input of a mebibyte is an ordinary one");
    }

    [Fact]
    public async Task The_callers_buffer_is_its_own_again_when_the_verb_returns()
    {
        var buffer = Draft.Utf8("""{"rows":1}""").ToArray();
        var stored = await SubmitAsync(Draft.Job(input: new JobInput(buffer)));

        Array.Clear(buffer);

        var read = (await ReadAsync(stored.Key, JobParts.Input)).Input!.Json;
        Expect.Bytes(Draft.Utf8("""{"rows":1}"""), read, "callers lend pooled buffers");
    }

    [Fact]
    public async Task A_canceled_caller_stores_nothing()
    {
        var job = Draft.Job();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Storage.Jobs.SubmitAsync(
                new JobBatch([job], false, null, Draft.Noon), new CancellationToken(canceled: true)));

        Expect.Null(
            (await Storage.Jobs.FindAsync(job.Head.Key, JobParts.Status, Stop)).Job, "cancellation is honoured before the write is begun");
    }

    private static readonly JobDetails Everything = new()
    {
        Labels = new Dictionary<string, string> { ["env"] = "prod", ["größe"] = "'1\" OR 1=1" },
        Timeout = TimeSpan.FromMinutes(10),
        Retention = TimeSpan.FromDays(2),
        CorrelationId = "order-17",
        ParentId = "parent",
        RetryOf = "earlier",
        ScheduleId = "nightly",
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        TraceState = "a=b",
        RequestId = new Guid("0190a5e2-7d1c-7abc-8def-0123456789ab"),
        Fingerprint = "0123456789abcdef",
        ItemCount = 3,
    };

    private static NewJob Keyed(string key = "nightly") => Draft.Job(head => head with { UniqueKey = key });

    private static NewJob Naming(string upload) => Draft.Job(input: new JobInput(default, UploadId: upload));
}
