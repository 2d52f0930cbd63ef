using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Requests that must have their effect once.</summary>
public abstract class IdempotencySuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_repeated_request_is_answered_with_its_jobs_as_they_are_now()
    {
        var first = await SubmitAsync([Draft.Job(), Draft.Job()], request: Draft.Request("k", "body"));
        var session = await OpenSessionAsync();
        var claimed = (await ClaimAsync(session.Id, limit: 1)).Jobs[0].Head;

        var again = await SubmitAsync([Draft.Job(), Draft.Job()], request: Draft.Request("k", "body"));

        Expect.Equal(BatchKind.Stored, first.Kind, "the key is new");
        Expect.Equal(BatchKind.Replayed, again.Kind, "the same request was stored before");
        Expect.Same(
            [claimed, first.Jobs[1].Head!], again.Jobs.Select(o => o.Head!),
            "the jobs of the first request are returned, in its order, as they are now");
        Expect.Same([SubmitKind.Created, SubmitKind.Created], again.Jobs.Select(o => o.Kind), "each outcome is the first one");
    }

    [Fact]
    public async Task A_repeated_request_stores_nothing()
    {
        var request = Draft.Request("k", "body");
        await SubmitAsync([Draft.Job()], request: request);
        var late = Draft.Job();

        await SubmitAsync([late], request: request);

        Expect.Null((await Storage.Jobs.FindAsync(late.Head.Key, JobParts.Status, Stop)).Job, "a replay has no effect of its own");
    }

    [Fact]
    public async Task A_key_with_other_content_is_refused()
    {
        await SubmitAsync([Draft.Job()], request: Draft.Request("k", "body"));
        var other = Draft.Job();

        var outcome = await SubmitAsync([other], request: Draft.Request("k", "another body"));

        Expect.Equal(BatchKind.KeyReused, outcome.Kind, "the key belongs to another request");
        Expect.Null((await Storage.Jobs.FindAsync(other.Head.Key, JobParts.Status, Stop)).Job, "nothing was stored");
    }

    [Fact]
    public async Task Keys_belong_to_their_scope_and_tenant()
    {
        await SubmitAsync([Draft.Job()], request: Draft.Request("k", "body"));

        var elsewhere = await SubmitAsync([Draft.Job()], request: Draft.Request("another principal's k", "body"));
        var globex = await SubmitAsync(
            [Draft.Job(head => head with { Tenant = "globex" })], request: Draft.Request("k", "body", tenant: "globex"));

        Expect.Equal(BatchKind.Stored, elsewhere.Kind, "the scope is part of the key");
        Expect.Equal(BatchKind.Stored, globex.Kind, "the tenant is part of the key");
    }

    [Fact]
    public async Task An_expired_key_is_a_new_request()
    {
        await SubmitAsync([Draft.Job()], request: Draft.Request("k", "body", expiresAt: Draft.Noon));

        var again = await SubmitAsync([Draft.Job()], request: Draft.Request("k", "another body"));
        var third = await SubmitAsync([Draft.Job()], request: Draft.Request("k", "another body"));

        Expect.Equal(BatchKind.Stored, again.Kind, "the record ended at the instant of the second request");
        Expect.Equal(BatchKind.Replayed, third.Kind, "the second request took its place");
        Expect.Equal(again.Jobs[0].Head, third.Jobs[0].Head, "the job of the second request is returned");
    }

    [Fact]
    public async Task A_request_that_stored_nothing_leaves_its_key_free()
    {
        var holder = await SubmitAsync(head => head with { UniqueKey = "nightly" });
        var request = Draft.Request("k", "body");
        var refused = await SubmitAsync([Draft.Job(head => head with { UniqueKey = "nightly" })], request: request);
        await ApplyAsync(Draft.Finish(holder, JobState.Canceled));

        var again = await SubmitAsync([Draft.Job(head => head with { UniqueKey = "nightly" })], request: request);

        Expect.Equal(SubmitKind.UniqueKeyTaken, refused.Jobs[0].Kind, "the first try was refused");
        Expect.Equal(
            (BatchKind.Stored, SubmitKind.Created), (again.Kind, again.Jobs[0].Kind), "a refusal has no effect that must not be repeated");
    }

    [Fact]
    public async Task A_batch_that_was_rolled_back_leaves_its_key_free()
    {
        var there = await SubmitAsync();
        var request = Draft.Request("k", "body");
        await SubmitAsync([Draft.Job(), Draft.Job(head => head with { Id = there.Id })], atomic: true, request);

        var again = await SubmitAsync([Draft.Job()], atomic: true, request);

        Expect.Equal(BatchKind.Stored, again.Kind, "nothing was stored, so nothing is remembered");
    }

    [Fact]
    public async Task A_replay_tells_which_of_its_jobs_are_purged()
    {
        var request = Draft.Request("k", "body");
        var job = (await SubmitAsync([Draft.Job()], request: request)).Jobs[0].Head!;
        await ApplyAsync(Draft.Finish(job, JobState.Canceled));
        await Storage.Retention.PurgeAsync(job.Key, tombstone: true, Draft.Noon, Stop);

        var again = await SubmitAsync([Draft.Job()], request: request);

        Expect.Equal(BatchKind.Replayed, again.Kind, "the request had its effect, though the job is gone");
        Expect.Equal(new SubmitOutcome(SubmitKind.IdPurged, null), again.Jobs[0], "what is purged cannot be returned");
    }
}
