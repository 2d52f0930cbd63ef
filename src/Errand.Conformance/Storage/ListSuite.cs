using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Lists: order, pages, filters. A page may be short although there are more, so every test reads to the end.</summary>
public abstract class ListSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Theory]
    [InlineData(JobOrder.CreatedDescending)]
    [InlineData(JobOrder.CreatedAscending)]
    public async Task Jobs_come_in_the_order_of_acceptance_each_once(JobOrder order)
    {
        var heads = await SubmitManyAsync(25);
        var expected = order is JobOrder.CreatedAscending ? heads : heads.Reverse();

        var listed = await WalkAsync(query => query with { Order = order, Limit = 10 });

        Expect.Same(expected, listed.Select(job => job.Head), "the sequence is the order");
    }

    [Theory]
    [InlineData(JobOrder.FinishedDescending)]
    [InlineData(JobOrder.FinishedAscending)]
    public async Task Finished_jobs_come_by_the_time_of_their_end_each_once(JobOrder order)
    {
        var heads = await SubmitManyAsync(12);
        var finished = new List<JobHead>();
        foreach (var (head, i) in heads.SkipLast(2).Select((head, i) => (head, i)))
        {
            finished.Add(await ApplyAsync(Draft.Finish(head, at: Draft.After(i * 7 % 4))));
        }

        var ascending = finished.OrderBy(head => head.FinishedAt).ThenBy(head => head.Sequence).ToList();
        if (order is JobOrder.FinishedDescending) ascending.Reverse();
        var listed = await WalkAsync(query => query with { Order = order, Limit = 3 });

        Expect.Same(
            ascending, listed.Select(job => job.Head), "the end is the order, the sequence breaks ties, and live jobs have no place in it");
    }

    [Fact]
    public async Task Jobs_that_come_while_a_reader_pages_neither_hide_nor_repeat_others()
    {
        var heads = await SubmitManyAsync(9);
        var first = await Storage.Jobs.ListAsync(Query() with { Limit = 4 }, Stop);
        await SubmitManyAsync(5);

        var rest = await WalkAsync(query => query with { After = first.Next, Limit = 4 });

        Expect.That(first.Next is not null, "there are more jobs than the page holds");
        Expect.Same(heads.Reverse(), first.Jobs.Concat(rest).Select(job => job.Head), "a cursor is a place, not a count");
    }

    [Fact]
    public async Task The_end_is_told_by_an_absent_cursor_alone()
    {
        await SubmitManyAsync(4);

        Expect.Equal(4, (await WalkAsync(query => query with { Limit = 4 })).Count, "a full last page is followed by an end");
        Expect.Equal(0, (await WalkAsync(query => query with { Tenant = "nobody" })).Count, "an empty list has an end");
    }

    [Fact]
    public async Task A_page_carries_status_and_details_but_no_results_and_inputs()
    {
        var details = new JobDetails { Labels = new Dictionary<string, string> { ["env"] = "prod" }, CorrelationId = "c" };
        var head = await SubmitAsync(Draft.Job(details: details, input: new JobInput(Draft.Utf8("{}"))));
        var change = Draft.Finish(head);
        await ApplyAsync(change with { After = change.After with { HasResult = true }, Result = Draft.Result("[1]") });

        var job = (await WalkAsync(query => query)).Single();

        Expect.Equal("prod", job.Details.Labels["env"], "labels are shown in lists");
        Expect.Equal("c", job.Details.CorrelationId, "details are shown in lists");
        Expect.Null(job.Input, "a page stays small");
        Expect.That(job.Result is null or { Body.IsEmpty: true }, "a page stays small");
    }

    [Fact]
    public async Task A_tenant_and_an_owner_see_their_own_jobs()
    {
        var adas = await SubmitAsync();
        var graces = await SubmitAsync(head => head with { Owner = "grace" });
        await SubmitAsync(head => head with { Tenant = "globex" });

        await ListsAsync([graces, adas], query => query, "no owner means every owner of the tenant");
        await ListsAsync([graces], query => query with { Owner = "grace" }, "an owner sees the own jobs");
    }

    [Fact]
    public async Task Statuses_are_told_at_the_instant_of_the_query()
    {
        var queued = await SubmitAsync();
        var scheduled = await SubmitAsync(head => head with { DueAt = Draft.After(60) });
        var failed = await ApplyAsync(Draft.Finish(await SubmitAsync(), JobState.Failed));

        await ListsAsync([queued], With(new() { Statuses = [JobStatus.Queued] }), "it is due");
        await ListsAsync([scheduled], With(new() { Statuses = [JobStatus.Scheduled] }), "it is not due yet");
        await ListsAsync(
            [failed, scheduled], With(new() { Statuses = [JobStatus.Failed, JobStatus.Scheduled] }),
            "within a member the values are alternatives");
        await ListsAsync(
            [scheduled, queued], query => With(new() { Statuses = [JobStatus.Queued] })(query) with { AsOf = Draft.After(60) },
            "a status that only time changes has changed by then");
    }

    [Fact]
    public async Task Running_and_canceling_jobs_are_told_apart()
    {
        var running = (await ClaimNewAsync()).Head;
        var canceling = await ApplyAsync(Draft.AskToStop((await ClaimNewAsync()).Head));

        await ListsAsync([running], With(new() { Statuses = [JobStatus.Running] }), "it runs");
        await ListsAsync([canceling], With(new() { Statuses = [JobStatus.Canceling] }), "it was asked to stop");
    }

    [Theory]
    [InlineData(JobOrder.CreatedDescending)]
    [InlineData(JobOrder.CreatedAscending)]
    public async Task Live_jobs_are_found_beside_those_of_another_tenant(JobOrder order)
    {
        var own = new List<JobHead> { (await ClaimNewAsync()).Head };
        var others = await SubmitManyAsync(8, (_, head) => head with { Tenant = "globex" });
        own.AddRange(await SubmitManyAsync(3, (_, head) => head with { DueAt = Draft.After(60) }));
        await SubmitManyAsync(8, (_, head) => head with { Tenant = "globex" });
        var expected = order is JobOrder.CreatedAscending ? own : Enumerable.Reverse(own);

        var listed = await WalkAsync(query => With(new() { Statuses = [JobStatus.Running, JobStatus.Scheduled] })(query) with { Order = order, Limit = 2 });

        Expect.Equal(8, others.Length, "the other tenant's jobs were accepted");
        Expect.Same(expected, listed.Select(job => job.Head), "jobs of others are neither shown nor the end of the list");
    }

    [Fact]
    public async Task Types_match_whole_or_by_prefix()
    {
        var export = await SubmitAsync(head => head with { Type = "report_a.export" });
        var decoy = await SubmitAsync(head => head with { Type = "reportxa.export" });
        var import = await SubmitAsync(head => head with { Type = "import" });

        await ListsAsync([import], With(new() { Types = ["import"] }), "the whole name");
        await ListsAsync([], With(new() { Types = ["impor"] }), "a part of the name is not the name");
        await ListsAsync([export], With(new() { Types = ["report_a.*"] }), "an underscore is no wildcard");
        await ListsAsync([decoy, export], With(new() { Types = ["report*"] }), "a prefix");
        await ListsAsync([import, export], With(new() { Types = ["import", "report_a.*"] }), "within a member the values are alternatives");
    }

    [Fact]
    public async Task Queues_labels_schedules_and_correlations_match_exactly()
    {
        var bulk = await SubmitAsync(Draft.Job(head => head with { Queue = "bulk" }, Labeled(("env", "prod"), ("team", "a"))));
        var nightly = await SubmitAsync(Draft.Job(details: Labeled(("env", "prod")) with { ScheduleId = "nightly" }));
        var order = await SubmitAsync(Draft.Job(details: Labeled(("env", "test")) with { CorrelationId = "order-17" }));

        await ListsAsync([bulk], With(new() { Queues = ["bulk", "other"] }), "its queue");
        await ListsAsync([nightly, bulk], With(new() { Labels = Labels(("env", "prod")) }), "its label");
        await ListsAsync([bulk], With(new() { Labels = Labels(("env", "prod"), ("team", "a")) }), "all the labels that are named");
        await ListsAsync([], With(new() { Labels = Labels(("team", "prod")) }), "a value belongs to its name");
        await ListsAsync([nightly], With(new() { ScheduleId = "nightly" }), "its schedule");
        await ListsAsync([order], With(new() { CorrelationId = "order-17" }), "its group of requests");
        await ListsAsync([], With(new() { Queues = ["bulk"], ScheduleId = "nightly" }), "members are combined by AND");
    }

    [Fact]
    public async Task Changed_labels_are_found_by_their_new_values()
    {
        var head = await SubmitAsync(Draft.Job(details: Labeled(("env", "prod"))));
        var changed = await ApplyAsync(Draft.Change(head, h => h) with { Labels = Labels(("env", "test")) });

        await ListsAsync([changed], With(new() { Labels = Labels(("env", "test")) }), "the new value");
        await ListsAsync([], With(new() { Labels = Labels(("env", "prod")) }), "the old value is gone");
    }

    [Fact]
    public async Task Times_bound_a_list_from_at_to_before()
    {
        var heads = await SubmitManyAsync(3, (i, head) => head with { CreatedAt = Draft.After(i * 10) });
        var finished = await ApplyAsync(Draft.Finish(heads[0], at: Draft.After(30)));

        await ListsAsync([heads[2], heads[1]], With(new() { CreatedAfter = Draft.After(10) }), "accepted at or after");
        await ListsAsync([finished], With(new() { CreatedBefore = Draft.After(10) }), "accepted before");
        await ListsAsync([heads[1]], With(new() { CreatedAfter = Draft.After(5), CreatedBefore = Draft.After(20) }), "between");
        await ListsAsync([finished], With(new() { FinishedAfter = Draft.After(30) }), "finished at or after");
        await ListsAsync([], With(new() { FinishedAfter = Draft.After(31) }), "finished too early");
    }

    [Fact]
    public async Task One_job_among_many_that_do_not_match_is_found()
    {
        await SubmitManyAsync(500);
        var wanted = await SubmitAsync(head => head with { Type = "rare" });
        await SubmitManyAsync(500);

        await ListsAsync([wanted], With(new() { Types = ["rare"] }), "short and empty pages lead on to it");
    }

    [Fact]
    public async Task A_purged_job_is_not_listed()
    {
        var finished = await FinishNewAsync();
        await Storage.Retention.PurgeAsync(finished.Key, tombstone: true, Draft.Noon, Stop);

        await ListsAsync([], query => query, "a tombstone is not a job");
    }

    private static JobQuery Query() => new() { Tenant = Draft.Tenant, AsOf = Draft.Noon, Limit = 50 };

    private static Func<JobQuery, JobQuery> With(JobFilter filter) => query => query with { Filter = filter };

    private static Dictionary<string, string> Labels(params (string Name, string Value)[] labels) =>
        labels.ToDictionary(l => l.Name, l => l.Value);

    private static JobDetails Labeled(params (string Name, string Value)[] labels) => new() { Labels = Labels(labels) };

    private async Task ListsAsync(JobHead[] expected, Func<JobQuery, JobQuery> shape, string because) =>
        Expect.Same(expected, (await WalkAsync(shape)).Select(job => job.Head), because);

    private async Task<List<Job>> WalkAsync(Func<JobQuery, JobQuery> shape)
    {
        var query = shape(Query());
        var jobs = new List<Job>();
        for (var pages = 0; pages < 10_000; pages++)
        {
            var page = await Storage.Jobs.ListAsync(query, Stop);
            Expect.That(page.Jobs.Count <= query.Limit, "a page holds at most what was asked for");
            jobs.AddRange(page.Jobs);
            if (page.Next is null) return jobs;
            query = query with { After = page.Next };
        }

        throw new InvalidOperationException("A list must come to its end; this one goes in circles.");
    }
}
