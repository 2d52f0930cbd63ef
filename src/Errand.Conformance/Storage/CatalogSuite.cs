using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Known types, queues and counts.</summary>
public abstract class CatalogSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task Types_are_kept_by_name_and_replaced_by_what_was_said_last()
    {
        await Storage.Catalog.SaveTypesAsync([Known("b", "{}", 0), Known("a", "{}", 0)], Stop);
        await Storage.Catalog.SaveTypesAsync([Known("b", """{"v":2}""", 5), Known("c", "{}", 5)], Stop);

        var types = (await Storage.Catalog.ListTypesAsync(Stop)).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        Expect.Same(["a", "b", "c"], types.Select(t => t.Name), "what other nodes said stays");
        Expect.Equal(Draft.After(5), types[1].SeenAt, "the last word counts");
        Expect.Bytes(Draft.Utf8("""{"v":2}"""), types[1].Declaration, "a declaration is opaque, byte for byte");
    }

    [Fact]
    public async Task Queues_are_those_with_settings_and_those_that_hold_jobs()
    {
        var settings = new QueueSettings("bulk", Paused: true, MaxConcurrency: 4, Rate: 2.5);
        await Storage.Catalog.SaveQueueAsync(new QueueSettings("bulk"), Stop);
        await Storage.Catalog.SaveQueueAsync(settings, Stop);
        await SubmitAsync(head => head with { Queue = "new" });
        await FinishNewAsync(head => head with { Queue = "old" });

        var queues = (await Storage.Catalog.ListQueuesAsync(Stop)).OrderBy(q => q.Name, StringComparer.Ordinal);

        Expect.Same(
            [settings, new QueueSettings("new"), new QueueSettings("old")], queues,
            "settings are kept, and a queue without any has the defaults");
    }

    [Fact]
    public async Task Counts_follow_every_change()
    {
        await CountsAsync("", "an empty store counts nothing");

        var heads = await SubmitManyAsync(4, (i, head) => head with { DueAt = i == 3 ? Draft.After(60) : Draft.Noon });
        await CountsAsync("acme/default/report.export/Queued=4", "scheduled jobs count as queued");

        var session = await OpenSessionAsync();
        var claimed = (await ClaimAsync(session.Id, limit: 3)).Jobs;
        await CountsAsync("acme/default/report.export/Queued=1 acme/default/report.export/Running=3", "three were claimed");

        await Storage.Queue.SettleAsync([Draft.Finish(claimed[0].Head), Draft.Requeue(claimed[1].Head)], Stop);
        await Storage.Jobs.ApplyAsync([Draft.AskToStop(claimed[2].Head), Draft.Finish(heads[3], JobState.Canceled)], Stop);
        await CountsAsync(
            "acme/default/report.export/Canceled=1 acme/default/report.export/Canceling=1 "
            + "acme/default/report.export/Queued=1 acme/default/report.export/Succeeded=1",
            "one ended, one went back, one is asked to stop, one was canceled");

        await Storage.Retention.PurgeAsync(heads[3].Key, tombstone: true, Draft.Noon, Stop);
        await CountsAsync(
            "acme/default/report.export/Canceling=1 acme/default/report.export/Queued=1 acme/default/report.export/Succeeded=1",
            "what is purged is not counted");
    }

    [Fact]
    public async Task What_was_not_written_is_not_counted()
    {
        var head = await SubmitAsync();
        await SubmitAsync([Draft.Job(), Draft.Job(h => h with { Id = head.Id })], atomic: true);
        await SubmitAsync([Draft.Job(h => h with { Id = head.Id })]);
        var finished = await ApplyAsync(Draft.Finish(head));
        await Storage.Jobs.ApplyAsync([Draft.Finish(head, JobState.Failed), Draft.Finish(Draft.Head())], Stop);

        Expect.Equal(JobState.Succeeded, finished.State, "the first change was written");
        await CountsAsync("acme/default/report.export/Succeeded=1", "rolled back, repeated and stale writes count nothing");
    }

    [Fact]
    public async Task Counts_are_told_by_tenant_queue_and_type()
    {
        await SubmitAsync();
        await SubmitAsync(head => head with { Queue = "bulk" });
        await SubmitAsync(head => head with { Type = "import" });
        await SubmitAsync(head => head with { Tenant = "globex" });

        await CountsAsync(
            "acme/bulk/report.export/Queued=1 acme/default/import/Queued=1 acme/default/report.export/Queued=1 "
            + "globex/default/report.export/Queued=1",
            "one lane each");
        await CountsAsync("globex/default/report.export/Queued=1", "one tenant's lanes", "globex");
        await CountsAsync("", "nobody's lanes", "nobody");
    }

    [Fact]
    public async Task A_change_that_moves_a_job_to_another_queue_moves_its_count()
    {
        var head = await SubmitAsync();
        await ApplyAsync(Draft.Change(head, h => h with { Queue = "bulk" }));

        await CountsAsync("acme/bulk/report.export/Queued=1", "it is counted where it is");
    }

    [Fact]
    public async Task The_oldest_due_job_is_the_one_that_waits_longest()
    {
        Expect.Null(await OldestAsync(0), "no job waits");
        var heads = await SubmitManyAsync(3, (i, head) => head with { DueAt = Draft.After(10 * (i + 1)), Priority = 9 - i });
        await SubmitAsync(head => head with { Queue = "other", DueAt = Draft.After(-100) });

        Expect.Null(await OldestAsync(9.999), "none is due");
        Expect.Equal(Draft.After(10), await OldestAsync(10), "one is due");
        Expect.Equal(Draft.After(10), await OldestAsync(100), "the longest waiting of three");

        await ApplyAsync(Draft.Finish(heads[0], JobState.Canceled));
        var session = await OpenSessionAsync();
        await ClaimAsync(session.Id, limit: 1, asOf: Draft.After(100));
        Expect.Equal(Draft.After(30), await OldestAsync(100), "one is over and one runs");
    }

    private static StoredType Known(string name, string declaration, double seen) => new(name, Draft.Utf8(declaration), Draft.After(seen));

    private async Task<DateTimeOffset?> OldestAsync(double seconds) =>
        await Storage.Catalog.OldestDueAsync(JobNames.DefaultQueue, Draft.After(seconds), Stop);

    private async Task CountsAsync(string expected, string because, string? tenant = null)
    {
        var counts = (await Storage.Catalog.CountAsync(tenant, Stop)).Where(c => c.Jobs != 0)
            .Select(c => $"{c.Tenant}/{c.Queue}/{c.Type}/{c.State}={c.Jobs}");
        Expect.Equal(expected, string.Join(' ', counts.Order(StringComparer.Ordinal)), because);
    }
}
