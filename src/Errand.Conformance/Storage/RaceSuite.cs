using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Many at once, and one truth.</summary>
public abstract class RaceSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    private const int Racers = 16;

    [Fact]
    public async Task Many_claimers_share_the_jobs_and_never_one_job()
    {
        var heads = await SubmitManyAsync(500);

        var claimed = (await RaceAsync(async _ =>
        {
            var session = await OpenSessionAsync();
            var mine = new List<JobHead>();
            while ((await ClaimAsync(session.Id, limit: 7)).Jobs is { Count: > 0 } jobs) mine.AddRange(jobs.Select(job => job.Head));
            return mine;
        })).SelectMany(mine => mine).ToList();

        Expect.Same(heads.Select(h => h.Id).Order(), claimed.Select(h => h.Id).Order(), "each job is given once");
        Expect.Equal(500, claimed.Select(h => h.Token).Distinct().Count(), "each claim has a token of its own");
    }

    [Fact]
    public async Task Claimers_and_submitters_at_once_lose_nothing()
    {
        var claimed = await RaceAsync(async racer =>
        {
            if (racer % 2 == 0) return (await SubmitManyAsync(50)).Length * -1;
            var session = await OpenSessionAsync();
            var count = 0;
            for (var i = 0; i < 40; i++) count += (await ClaimAsync(session.Id, limit: 10)).Jobs.Count;
            return count;
        });
        var late = await OpenSessionAsync();
        var rest = (await ClaimAsync(late.Id, limit: 1_000)).Jobs.Count;

        Expect.Equal(0, claimed.Sum() + rest, "every submitted job was claimed once, now or later");
    }

    [Fact]
    public async Task Of_many_settlers_one_wins()
    {
        var job = await ClaimNewAsync();

        var outcomes = await RaceAsync(async racer =>
            (await Storage.Queue.SettleAsync([Draft.Finish(job.Head, racer % 2 == 0 ? JobState.Succeeded : JobState.Failed)], Stop))[0]);

        Expect.Equal(1, outcomes.Count(o => o is ChangeOutcome.Applied), "terminal is once and for ever");
        Expect.Equal(Racers - 1, outcomes.Count(o => o is ChangeOutcome.Conflict), "all others were too late");
        Expect.Equal(job.Head.Version + 1, (await ReadAsync(job.Head.Key)).Head.Version, "one change was made");
    }

    [Fact]
    public async Task A_cancel_and_a_settle_at_once_are_one_after_the_other()
    {
        await SubmitManyAsync(100);
        var session = await OpenSessionAsync();
        var jobs = (await ClaimAsync(session.Id)).Jobs;

        var outcomes = await RaceAsync(async racer => racer % 2 == 0
            ? await Storage.Queue.SettleAsync([.. jobs.Select(job => Draft.Finish(job.Head))], Stop)
            : await Storage.Jobs.ApplyAsync([.. jobs.Select(job => Draft.AskToStop(job.Head))], Stop));

        for (var i = 0; i < jobs.Count; i++)
        {
            var applied = outcomes.Select((o, racer) => (Outcome: o[i], racer)).Where(o => o.Outcome is ChangeOutcome.Applied).ToList();
            Expect.Equal(1, applied.Count, "one of them was decided on the stored version");
            var expected = applied[0].racer % 2 == 0 ? JobState.Succeeded : JobState.Canceling;
            Expect.Equal(expected, (await ReadAsync(jobs[i].Head.Key)).Head.State, "the winner's word is what a reader sees");
        }
    }

    [Fact]
    public async Task Of_many_submitters_with_one_unique_key_one_wins()
    {
        var outcomes = await RaceAsync(async racer =>
        {
            NewJob[] batch = [Draft.Job(), Draft.Job(head => head with { UniqueKey = "nightly" }), Draft.Job()];
            var outcomes = (await SubmitAsync(racer % 2 == 0 ? batch : [batch[1]])).Jobs;
            return outcomes[outcomes.Count / 2];
        });

        Expect.Equal(1, outcomes.Count(o => o.Kind is SubmitKind.Created), "one live job has the key, in bulk too");
        Expect.Equal(Racers - 1, outcomes.Count(o => o.Kind is SubmitKind.UniqueKeyTaken), "all others are told");
        Expect.Equal(1, outcomes.Select(o => o.Head!.Id).Distinct().Count(), "and shown that job");
    }

    [Fact]
    public async Task Of_many_submitters_with_one_id_one_wins()
    {
        var id = JobId.New(Draft.Noon);

        var outcomes = await RaceAsync(
            async racer => (await SubmitAsync([Draft.Job(head => head with { Id = id, Owner = $"racer-{racer}" })])).Jobs[0]);

        var winner = outcomes.Single(o => o.Kind is SubmitKind.Created).Head!;
        Expect.That(outcomes.All(o => o.Head == winner), "all are shown the one job");
        Expect.Equal(winner, (await ReadAsync(winner.Key)).Head, "it is the one that is stored");
    }

    [Fact]
    public async Task Of_many_equal_requests_one_has_an_effect()
    {
        var outcomes = await RaceAsync(async _ => await SubmitAsync([Draft.Job(), Draft.Job()], request: Draft.Request("k", "body")));

        Expect.Equal(1, outcomes.Count(o => o.Kind is BatchKind.Stored), "one was first");
        Expect.Equal(Racers - 1, outcomes.Count(o => o.Kind is BatchKind.Replayed), "the others repeat it");
        Expect.Equal(
            1, outcomes.Select(o => string.Join(',', o.Jobs.Select(job => job.Head!.Id))).Distinct().Count(),
            "all are answered with the same jobs");
        Expect.Equal(2L, (await Storage.Catalog.CountAsync(null, Stop)).Sum(c => c.Jobs), "there are no others");
    }

    [Fact]
    public async Task A_limit_on_a_queue_holds_against_many_claimers()
    {
        await SubmitManyAsync(100);
        await Storage.Catalog.SaveQueueAsync(new QueueSettings(JobNames.DefaultQueue, MaxConcurrency: 5), Stop);

        var claimed = await RaceAsync(async _ => (await ClaimAsync((await OpenSessionAsync()).Id, limit: 3)).Jobs.Count);

        Expect.Equal(5, claimed.Sum(), "five may run on all sessions together");
    }

    [Fact]
    public async Task A_failing_batch_never_hurts_another_ones_commit()
    {
        var there = await SubmitAsync(head => head with { UniqueKey = "nightly" });

        var outcomes = await RaceAsync(async racer =>
        {
            var kinds = new List<BatchOutcome>();
            for (var i = 0; i < 10; i++) kinds.Add(await SubmitAsync(racer % 2 == 0 ? Good() : Bad(), atomic: true));
            return kinds;
        });

        for (var racer = 0; racer < Racers; racer++)
        {
            var expected = racer % 2 == 0 ? BatchKind.Stored : BatchKind.RolledBack;
            Expect.That(outcomes[racer].All(o => o.Kind == expected), "batches may share a commit, but not each other's fate");
        }

        Expect.Equal(
            1L + (Racers / 2 * 10 * 3), (await Storage.Catalog.CountAsync(null, Stop)).Sum(c => c.Jobs),
            "every good batch is there, no bad one");

        NewJob[] Good() => [Draft.Job(), Draft.Job(), Draft.Job()];
        NewJob[] Bad() => [Draft.Job(), Draft.Job(head => head with { UniqueKey = there.UniqueKey }), Draft.Job(_ => there)];
    }

    [Fact]
    public async Task A_caller_who_goes_away_never_hurts_another_ones_commit()
    {
        var outcomes = await RaceAsync(async racer =>
        {
            using var gone = new CancellationTokenSource();
            var job = Draft.Job();
            var submit = Storage.Jobs.SubmitAsync(new JobBatch([job], false, null, Draft.Noon), gone.Token);
            if (racer % 2 == 0) await gone.CancelAsync();
            try
            {
                return (job.Head.Key, Told: (await submit).Jobs[0].Kind is SubmitKind.Created);
            }
            catch (OperationCanceledException)
            {
                Expect.That(racer % 2 == 0, "nobody else's cancellation reaches this caller");
                return (job.Head.Key, Told: false);
            }
        });

        foreach (var (key, told) in outcomes)
        {
            var there = (await Storage.Jobs.FindAsync(key, JobParts.Status, Stop)).Job is not null;
            Expect.Equal(told, there, "what was acknowledged is stored, and what was canceled is not");
        }
    }

    [Fact]
    public async Task Items_of_many_reporters_are_counted_once()
    {
        var job = await ClaimNewAsync();

        await RaceAsync(async racer =>
        {
            var items = Enumerable.Range(0, 50).Select(i => Draft.Item($"k{i}", i, (JobItemStatus)((i + racer) % 2)));
            return await Storage.Contents.WriteItemsAsync(job.Ticket, [.. items], Stop);
        });

        var items = await Storage.Contents.ListItemsAsync(job.Head.Sequence, new ItemQuery(), Stop);
        var counts = (await ReadAsync(job.Head.Key)).Items!.Value;
        Expect.Equal(50, items.Count, "each place is taken once");
        Expect.Equal(
            new JobItemCounts(50, items.Count(i => i.Status is JobItemStatus.Failed)), counts,
            "the counts are those of the items that are there");
    }

    [Fact]
    public async Task Of_many_callers_with_a_key_one_makes_it()
    {
        var keys = await RaceAsync(async racer => await Storage.Security.GetOrAddKeyAsync("cursor", Draft.Utf8($"key {racer}"), Stop));

        Expect.Equal(1, keys.Select(key => Convert.ToHexString(key.Span)).Distinct().Count(), "every caller gets the same");
    }

    /// <summary>Starts all racers at once, each on a thread of its own as far as there are any.</summary>
    private static async Task<T[]> RaceAsync<T>(Func<int, Task<T>> run)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racers = Enumerable.Range(0, Racers).Select(racer => Task.Run(async () =>
        {
            await start.Task;
            return await run(racer);
        })).ToList();
        start.SetResult();
        return await Task.WhenAll(racers);
    }
}
