using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Schedules: compared, swapped, found when due, and moved together with the jobs they fire.</summary>
public abstract class ScheduleSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    private static readonly DateTimeOffset EndOfTime = DateTimeOffset.MaxValue;

    [Fact]
    public async Task A_schedule_reads_back_as_it_was_stored()
    {
        var schedule = Named("nightly", Draft.After(60.1234567), """{"cron":"0 2 * * *","☃":"ä"}""");

        Expect.That((await SaveAsync(schedule)).Saved, "there was none of that name");
        var read = Expect.NotNull(await FindAsync("nightly"), "what was acknowledged is there");

        Expect.Equal(schedule with { Body = read.Body }, read, "names, version and instant are kept to the tick");
        Expect.Bytes(schedule.Body, read.Body, "the document is opaque, byte for byte");
        Expect.Null(await FindAsync("Nightly"), "names are compared exactly");
    }

    [Fact]
    public async Task A_schedule_is_swapped_only_on_the_version_it_was_decided_on()
    {
        var first = Named("nightly", Draft.After(60));
        await SaveAsync(first);

        Expect.That(!(await SaveAsync(first)).Saved, "a schedule is made once");
        Expect.That((await SaveAsync(first with { Version = 2, NextAt = null }, before: 1)).Saved, "the version was the one decided on");
        Expect.That(!(await SaveAsync(first with { Version = 2 }, before: 1)).Saved, "the second of two writers loses");
        Expect.That(!(await SaveAsync(Named("weekly", null) with { Version = 2 }, before: 1)).Saved, "what is not there cannot be changed");

        var read = Expect.NotNull(await FindAsync("nightly"), "it is there");
        Expect.Equal((2L, (DateTimeOffset?)null), (read.Version, read.NextAt), "the loser wrote nothing");
        Expect.Null(await FindAsync("weekly"), "a lost change makes nothing");
    }

    [Fact]
    public async Task A_firing_stores_its_jobs_and_moves_the_schedule()
    {
        await SaveAsync(Named("nightly", Draft.Noon));
        var jobs = new[] { Fired("nightly"), Fired("nightly") };

        var outcome = await SaveAsync(Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1, jobs);

        Expect.That(outcome.Saved, "nobody was faster");
        Expect.Same([SubmitKind.Created, SubmitKind.Created], outcome.Jobs.Select(job => job.Kind), "both jobs are stored");
        foreach (var (made, asked) in outcome.Jobs.Zip(jobs))
        {
            var head = Expect.NotNull(made.Head, "a created job is returned");
            var job = await ReadAsync(head.Key, JobParts.Input);
            Expect.Equal(asked.Head with { Sequence = head.Sequence }, job.Head, "the job is a job like any other");
            Expect.Equal("nightly", job.Details.ScheduleId, "it says who made it");
            Expect.Bytes(asked.Input.Json, job.Input!.Json, "with its input");
        }

        var listed = await Storage.Jobs.ListAsync(
            new JobQuery { Tenant = Draft.Tenant, Filter = new JobFilter { ScheduleId = "nightly" }, AsOf = Draft.Noon }, Stop);
        Expect.Equal(2, listed.Jobs.Count, "jobs are found by their schedule");
        Expect.Equal(Draft.After(60), (await FindAsync("nightly"))!.NextAt, "the schedule has moved on");
        Expect.Equal(2L, (await Storage.Catalog.CountAsync(null, Stop)).Sum(lane => lane.Jobs), "they are counted");
    }

    [Fact]
    public async Task A_firing_that_comes_too_late_stores_no_job()
    {
        await SaveAsync(Named("nightly", Draft.Noon));
        await SaveAsync(Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1, Fired("nightly"));
        var late = Fired("nightly");

        var outcome = await SaveAsync(Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1, late);

        Expect.Equal((false, 0), (outcome.Saved, outcome.Jobs.Count), "another node has fired already");
        Expect.Null((await Storage.Jobs.FindAsync(late.Head.Key, JobParts.Status, Stop)).Job, "a firing is made once");
    }

    [Fact]
    public async Task A_job_that_something_is_in_the_way_of_hinders_neither_its_neighbours_nor_the_schedule()
    {
        await SaveAsync(Named("nightly", Draft.Noon));
        var holder = await SubmitAsync(head => head with { UniqueKey = "nightly" });

        var outcome = await SaveAsync(
            Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1,
            Draft.Job(head => head with { UniqueKey = "nightly" }), Fired("nightly"));

        Expect.Same([SubmitKind.UniqueKeyTaken, SubmitKind.Created], outcome.Jobs.Select(job => job.Kind), "only one is in the way");
        Expect.Equal(holder, outcome.Jobs[0].Head, "the job in the way is told");
        Expect.Equal(2L, (await FindAsync("nightly"))!.Version, "the schedule has moved on");
    }

    [Fact]
    public async Task Of_many_who_fire_the_same_time_one_does()
    {
        await SaveAsync(Named("nightly", Draft.Noon));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () => await SaveAsync(Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1, Fired("nightly")))));

        Expect.Equal(1, outcomes.Count(outcome => outcome.Saved), "two nodes never fire twice");
        Expect.Equal(1L, (await Storage.Catalog.CountAsync(null, Stop)).Sum(lane => lane.Jobs), "there is one job");
    }

    [Fact]
    public async Task What_is_due_is_listed_earliest_first_over_all_tenants()
    {
        await SaveAsync(Named("c", Draft.After(30)));
        await SaveAsync(Named("a", Draft.After(10)));
        await SaveAsync(Named("b", Draft.After(20)) with { Tenant = "globex" });
        await SaveAsync(Named("paused", null));

        Expect.Same(["a", "b"], await DueAsync(Draft.After(20)), "what is due at the instant is due");
        Expect.Same([], await DueAsync(Draft.After(9.999)), "nothing is due yet");
        Expect.Same(["a"], await DueAsync(EndOfTime, limit: 1), "the next one of all");
        Expect.Same(["a", "b", "c"], await DueAsync(EndOfTime), "a paused one is never due");
    }

    [Fact]
    public async Task A_tenants_schedules_are_listed_by_name_page_by_page()
    {
        foreach (var name in (string[])["c", "a-1", "a", "b", "a.1"]) await SaveAsync(Named(name, null));
        await SaveAsync(Named("b", null) with { Tenant = "globex" });

        Expect.Same(["a", "a-1", "a.1"], await NamesAsync(null, 3), "by the bytes of their names");
        Expect.Same(["b", "c"], await NamesAsync("a.1", 3), "the rest, and no other tenant's");
        Expect.Same([], await NamesAsync("c", 3), "the end");
    }

    [Fact]
    public async Task A_schedule_is_removed_only_at_its_version_and_leaves_its_jobs()
    {
        await SaveAsync(Named("nightly", Draft.Noon));
        var fired = await SaveAsync(Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1, Fired("nightly"));

        Expect.That(!await Storage.Schedules.RemoveAsync(Draft.Tenant, "nightly", 1, Stop), "it has changed since");
        Expect.That(!await Storage.Schedules.RemoveAsync("globex", "nightly", 2, Stop), "it is another tenant's");
        Expect.That(await Storage.Schedules.RemoveAsync(Draft.Tenant, "nightly", 2, Stop), "it was that version");
        Expect.That(!await Storage.Schedules.RemoveAsync(Draft.Tenant, "nightly", 2, Stop), "it is gone");

        Expect.Null(await FindAsync("nightly"), "it is gone");
        Expect.Same([], await DueAsync(EndOfTime), "and never due");
        await ReadAsync(fired.Jobs[0].Head!.Key);
        Expect.That((await SaveAsync(Named("nightly", Draft.Noon))).Saved, "the name is free");
    }

    [Fact]
    public async Task A_crash_keeps_a_firing_whole()
    {
        await SaveAsync(Named("nightly", Draft.Noon));
        var fired = await SaveAsync(Named("nightly", Draft.After(60)) with { Version = 2 }, before: 1, Fired("nightly"));

        await CrashAsync();

        Expect.Equal(2L, (await FindAsync("nightly"))!.Version, "the advance was acknowledged");
        await ReadAsync(fired.Jobs[0].Head!.Key);
    }

    private static StoredSchedule Named(string name, DateTimeOffset? nextAt, string body = "{}") =>
        new(Draft.Tenant, name, 1, nextAt, Draft.Utf8(body));

    private static NewJob Fired(string schedule) =>
        Draft.Job(details: new JobDetails { ScheduleId = schedule }, input: new JobInput(Draft.Utf8("""{"region":"eu"}""")));

    private async Task<ScheduleOutcome> SaveAsync(StoredSchedule after, long before = 0, params NewJob[] jobs) =>
        await Storage.Schedules.SaveAsync(new ScheduleChange(before, after, jobs, Draft.Noon), Stop);

    private async Task<StoredSchedule?> FindAsync(string name) => await Storage.Schedules.FindAsync(Draft.Tenant, name, Stop);

    private async Task<IEnumerable<string>> DueAsync(DateTimeOffset asOf, int limit = 100) =>
        (await Storage.Schedules.ListDueAsync(asOf, limit, Stop)).Select(schedule => schedule.Name);

    private async Task<IEnumerable<string>> NamesAsync(string? after, int limit) =>
        (await Storage.Schedules.ListAsync(Draft.Tenant, after, limit, Stop)).Select(schedule => schedule.Name);
}
