using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Uploads: named by one job, once.</summary>
public abstract class UploadSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task An_upload_reads_back_as_it_was_stored_to_its_tenant()
    {
        var upload = Draft.Upload("0af1") with { Items = 1_000_000, Size = 5_000_000_000 };
        await Storage.Uploads.AddAsync(upload, Stop);

        Expect.Equal(upload, await Storage.Uploads.FindAsync(Draft.Tenant, "0af1", Stop), "it is kept as it was stored");
        Expect.Null(await Storage.Uploads.FindAsync("globex", "0af1", Stop), "another tenant does not see it");
        Expect.Null(await Storage.Uploads.FindAsync(Draft.Tenant, "0af2", Stop), "there is none of that name");
    }

    [Fact]
    public async Task A_job_that_names_an_upload_uses_it()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("u"), Stop);

        var stored = await SubmitAsync(Naming("u"));
        var second = (await SubmitAsync([Naming("u")])).Jobs[0];

        Expect.Equal(new SubmitOutcome(SubmitKind.UploadMissing, null), second, "an upload is for one job");
        Expect.Equal("u", (await ReadAsync(stored.Key, JobParts.Input)).Input!.UploadId, "the job remembers it");
        Expect.NotNull(await Storage.Uploads.FindAsync(Draft.Tenant, "u", Stop), "a used upload is still found: the job reads it");
    }

    [Fact]
    public async Task An_upload_is_for_its_owner_and_its_time()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("graces", owner: "grace"), Stop);
        await Storage.Uploads.AddAsync(Draft.Upload("over", expiresAt: Draft.Noon), Stop);
        await Storage.Uploads.AddAsync(Draft.Upload("u"), Stop);

        NewJob[] jobs = [Naming("graces"), Naming("over"), Naming("unknown"), Naming("u", tenant: "globex"), Naming("u")];
        var outcomes = (await SubmitAsync(jobs)).Jobs;

        Expect.Same(
            [SubmitKind.UploadMissing, SubmitKind.UploadMissing, SubmitKind.UploadMissing, SubmitKind.UploadMissing, SubmitKind.Created],
            outcomes.Select(o => o.Kind), "of another owner, over, unknown, of another tenant, and fine");
    }

    [Fact]
    public async Task An_upload_that_comes_twice_in_a_batch_is_used_once()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("u"), Stop);

        var outcomes = (await SubmitAsync([Naming("u"), Naming("u")])).Jobs;

        Expect.Same([SubmitKind.Created, SubmitKind.UploadMissing], outcomes.Select(o => o.Kind), "the first has it");
    }

    [Fact]
    public async Task A_batch_that_was_rolled_back_leaves_its_uploads_unused()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("u"), Stop);
        var there = await SubmitAsync();
        await SubmitAsync([Naming("u"), Draft.Job(head => head with { Id = there.Id })], atomic: true);

        await SubmitAsync(Naming("u"));
    }

    [Fact]
    public async Task A_job_that_was_not_stored_leaves_its_upload_unused()
    {
        await Storage.Uploads.AddAsync(Draft.Upload("u"), Stop);
        var there = await SubmitAsync();
        var again = Naming("u");

        await SubmitAsync([again with { Head = again.Head with { Id = there.Id } }]);

        await SubmitAsync(again);
    }

    private static NewJob Naming(string upload, string tenant = Draft.Tenant) =>
        Draft.Job(head => head with { Tenant = tenant }, input: new JobInput(default, UploadId: upload));
}
