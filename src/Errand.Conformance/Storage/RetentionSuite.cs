using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Removing what is over, and nothing else.</summary>
public abstract class RetentionSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_finished_job_is_purged_from_its_instant_on()
    {
        var head = await FinishNewAsync(keep: TimeSpan.FromSeconds(10));

        Expect.Equal(0, (await PurgeAsync(9.999)).Jobs, "it is kept as long as was promised");
        await ReadAsync(head.Key);

        Expect.Equal(1, (await PurgeAsync(10)).Jobs, "it is over at its instant");
        var lookup = await Storage.Jobs.FindAsync(head.Key, JobParts.Status, Stop);
        Expect.Equal(new JobLookup(null, new Tombstone(Draft.Owner, Draft.After(10))), lookup, "a tombstone tells that it was");
        Expect.Equal(0, (await PurgeAsync(10)).Jobs, "it is purged once");
    }

    [Fact]
    public async Task A_live_job_is_never_purged()
    {
        var waiting = await SubmitAsync(head => head with { ExpiresAt = Draft.Noon });
        var running = (await ClaimNewAsync(head => head with { Queue = "other", ExpiresAt = Draft.Noon })).Head;
        var canceling = await ApplyAsync(
            Draft.AskToStop((await ClaimNewAsync(head => head with { Queue = "third", ExpiresAt = Draft.Noon })).Head));

        Expect.Equal(0, (await PurgeAsync(1e6)).Jobs, "live jobs are never touched");
        foreach (var live in new[] { waiting, running, canceling })
        {
            var purged = await Storage.Retention.PurgeAsync(live.Key, tombstone: true, Draft.Noon, Stop);
            Expect.Equal((0, 0), (purged.Jobs, purged.Locations.Count), "a live job must be canceled first");
            Expect.Equal(live, (await ReadAsync(live.Key)).Head, "it is as it was");
        }
    }

    [Fact]
    public async Task A_job_that_is_kept_for_ever_is_purged_by_hand_only()
    {
        var change = Draft.Finish((await ClaimNewAsync()).Head);
        var head = await ApplyAsync(change with { After = change.After with { ExpiresAt = null } });

        Expect.Equal(0, (await PurgeAsync(1e9)).Jobs, "it has no end");
        Expect.Equal(1, (await Storage.Retention.PurgeAsync(head.Key, tombstone: true, Draft.Noon, Stop)).Jobs, "by hand it goes");
    }

    [Fact]
    public async Task A_purge_is_a_bounded_slice_and_tells_how_much_it_did()
    {
        var heads = await SubmitManyAsync(25);
        await Storage.Jobs.ApplyAsync([.. heads.Select((head, i) => Draft.Finish(head, keep: TimeSpan.FromSeconds(i % 5)))], Stop);

        var slices = new List<int>();
        do slices.Add((await PurgeAsync(10, limit: 10)).Jobs);
        while (slices[^1] > 0);

        Expect.Same([10, 10, 5, 0], slices, "slices until nothing is left");
    }

    [Fact]
    public async Task All_that_belongs_to_a_job_goes_with_it_and_its_files_are_named()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("u", location: "acme/upload"), Stop);
        await SubmitAsync(Draft.Job(input: new JobInput(default, UploadId: "u")));
        var session = await OpenSessionAsync();
        var job = (await ClaimAsync(session.Id)).Jobs[0];
        await Storage.Contents.AppendMessagesAsync(job.Ticket, [Draft.Message("m")], Stop);
        await Storage.Contents.WriteItemsAsync(job.Ticket, [Draft.Item("i")], Stop);
        await Storage.Contents.AddOutputAsync(job.Ticket, Draft.Output("a", "acme/1", "acme/2"), Stop);
        await Storage.Contents.AddOutputAsync(job.Ticket, Draft.Output("b", "acme/3"), Stop);
        await ApplyAsync(Draft.Finish(job.Head, keep: TimeSpan.Zero));

        var purged = await PurgeAsync(0);

        Expect.Same(
            ["acme/1", "acme/2", "acme/3", "acme/upload"], purged.Locations.Order(StringComparer.Ordinal), "its files can be deleted now");
        var sequence = job.Head.Sequence;
        Expect.Equal(0, (await Storage.Contents.ListMessagesAsync(sequence, new MessageQuery(), Stop)).Messages.Count, "its log is gone");
        Expect.Equal(0, (await Storage.Contents.ListItemsAsync(sequence, new ItemQuery(), Stop)).Count, "its items are gone");
        Expect.Equal(0, (await Storage.Contents.ListOutputsAsync(sequence, Stop)).Count, "its outputs are gone");
        Expect.Null(await Storage.Uploads.FindAsync(Draft.Tenant, "u", Stop), "the upload was its own");
    }

    [Fact]
    public async Task A_purge_without_a_tombstone_leaves_nothing()
    {
        var head = await FinishNewAsync();

        var purged = await Storage.Retention.PurgeAsync(head.Key, tombstone: false, Draft.Noon, Stop);

        Expect.Equal(1, purged.Jobs, "it was there");
        Expect.Equal(default, await Storage.Jobs.FindAsync(head.Key, JobParts.Status, Stop), "whoever asked for erasure is not remembered");
        Expect.Equal(0, (await Storage.Retention.PurgeAsync(head.Key, tombstone: true, Draft.Noon, Stop)).Jobs, "it is gone");
        Expect.Equal(default, await Storage.Jobs.FindAsync(head.Key, JobParts.Status, Stop), "what is not there leaves no tombstone");
    }

    [Fact]
    public async Task Purging_a_job_of_another_tenant_removes_nothing()
    {
        var head = await FinishNewAsync();

        var purged = await Storage.Retention.PurgeAsync(head.Key with { Tenant = "globex" }, tombstone: true, Draft.Noon, Stop);

        Expect.Equal(0, purged.Jobs, "another tenant's id is unknown");
        await ReadAsync(head.Key);
    }

    [Fact]
    public async Task Tombstones_are_forgotten_when_they_are_old()
    {
        var (old, young) = (await FinishNewAsync(keep: TimeSpan.Zero), await FinishNewAsync(keep: TimeSpan.FromSeconds(10)));
        await PurgeAsync(1);
        await PurgeAsync(10);

        Expect.Equal(0, (await ForgetAsync(asOf: 20, tombstonesBefore: 1)).Jobs, "a tombstone made at that instant was not made before it");
        Expect.Equal(1, (await ForgetAsync(asOf: 20, tombstonesBefore: 1.001)).Jobs, "the older one");

        Expect.Equal(default, await Storage.Jobs.FindAsync(old.Key, JobParts.Status, Stop), "nobody remembers it");
        Expect.That((await Storage.Jobs.FindAsync(young.Key, JobParts.Status, Stop)).Tombstone is not null, "the younger one stays");
        Expect.Equal(
            SubmitKind.Created, (await SubmitAsync([Draft.Job(head => head with { Id = old.Id })])).Jobs[0].Kind, "its id is free");
    }

    [Fact]
    public async Task Expired_requests_are_forgotten_and_others_are_not()
    {
        await SubmitAsync([Draft.Job()], request: Draft.Request("short", "body", expiresAt: Draft.After(10)));
        await SubmitAsync([Draft.Job()], request: Draft.Request("long", "body", expiresAt: Draft.After(20)));

        Expect.Equal(0, (await ForgetAsync(asOf: 9.999)).Jobs, "neither is over");
        Expect.Equal(1, (await ForgetAsync(asOf: 10)).Jobs, "one is over at its instant");

        Expect.Equal(
            BatchKind.Stored, (await SubmitAsync([Draft.Job()], request: Draft.Request("short", "other"))).Kind, "its key is free");
        Expect.Equal(
            BatchKind.Replayed, (await SubmitAsync([Draft.Job()], request: Draft.Request("long", "body"))).Kind, "the other is remembered");
    }

    [Fact]
    public async Task Unused_uploads_are_forgotten_with_their_files_and_used_ones_are_not()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("unused", expiresAt: Draft.After(10), location: "acme/unused"), Stop);
        await Storage.Uploads.AddAsync(Draft.Upload("used", expiresAt: Draft.After(10), location: "acme/used"), Stop);
        await SubmitAsync(Draft.Job(input: new JobInput(default, UploadId: "used")));

        Expect.Equal(0, (await ForgetAsync(asOf: 9.999)).Jobs, "it may still be named");
        var forgotten = await ForgetAsync(asOf: 10);

        Expect.Same(["acme/unused"], forgotten.Locations, "its file can be deleted");
        Expect.Null(await Storage.Uploads.FindAsync(Draft.Tenant, "unused", Stop), "its time is over");
        Expect.NotNull(await Storage.Uploads.FindAsync(Draft.Tenant, "used", Stop), "a used upload lives as long as its job");
    }

    [Fact]
    public async Task Forgetting_is_bounded_too()
    {
        for (var i = 0; i < 5; i++) await SubmitAsync([Draft.Job()], request: Draft.Request($"k{i}", "body", expiresAt: Draft.After(1)));

        Expect.Equal(2, (await ForgetAsync(asOf: 10, limit: 2)).Jobs, "no more than asked for");
        Expect.Equal(3, (await ForgetAsync(asOf: 10, limit: 100)).Jobs, "the rest");
    }

    private async Task<Purged> PurgeAsync(double seconds, int limit = 100) =>
        await Storage.Retention.PurgeExpiredAsync(Draft.After(seconds), limit, Stop);

    private async Task<Purged> ForgetAsync(double asOf, double tombstonesBefore = -1e6, int limit = 100) =>
        await Storage.Retention.ForgetAsync(Draft.After(asOf), Draft.After(tombstonesBefore), limit, Stop);
}
