using Errand.Torture.Faults;
using Errand.Torture.Load;
using Errand.Torture.Processes;

namespace Errand.Torture;

/// <summary>Builds, loads, torments, heals, waits, and holds what was promised against what is there.</summary>
internal static class TortureRun
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SubmitPause = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestJump = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FinalPatience = TimeSpan.FromSeconds(20);

    /// <summary>Runs it to its end.</summary>
    /// <param name="options">What, how long, how.</param>
    /// <param name="cancellationToken">Ends the faults early; what was acknowledged until then is still accounted for.</param>
    public static async Task<TortureReport> RunAsync(TortureOptions options, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed);
        var (counts, work) = (new FaultCounts(), new WorkTimes(new Random(random.Next())));
        await using var rack = await Rack.BuildAsync(options, work.Next);
        var watch = new RecoveryWatch(counts, options.Nodes);
        var doors = rack.Nodes.Select((node, i) => new Door(node.Url, rack.Token, AnswerPatience, begun => watch.Acknowledged(i, begun))).ToList();
        try
        {
            await WaitUntilReadyAsync(doors, rack);
            options.Say($"{rack.Nodes.Count} node(s) and {rack.Workers.Count} workers run; faults for {options.Duration.TotalMinutes:0.##} minutes");
            var crowd = new Crowd(doors, JobKinds.Draw, SubmitPause);
            using (var calm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            using (var end = new CancellationTokenSource())
            {
                var load = crowd.RunAsync(new Random(random.Next()), end.Token);
                var harm = new Tormentor(rack, new Random(random.Next()), ClockMax(options), counts, watch, options.Say).RunAsync(calm.Token);
                calm.CancelAfter(options.Duration);
                await harm;
                // The load goes on until it has seen every node recover.
                await UntilAsync(() => !watch.Waits, RecoveryPatience);
                await end.CancelAsync();
                await load;
            }

            var report = await SettleAccountsAsync(options, rack, crowd, counts, work);
            rack.KeepsDisk = !report.Sound;
            return report;
        }
        finally
        {
            doors.ForEach(door => door.Dispose());
        }
    }

    private static async Task<TortureReport> SettleAccountsAsync(TortureOptions options, Rack rack, Crowd crowd, FaultCounts counts, WorkTimes work)
    {
        options.Say("no more faults; every job may end");
        work.Calm();
        var final = rack.Nodes.Select(node => new Door(node.Url, rack.Token, FinalPatience, _ => { })).ToList();
        using var patience = new CancellationTokenSource(options.Patience, TimeProvider.System);
        await WaitUntilReadyAsync(final, rack);
        await crowd.SendAgainAsync(final, patience.Token);
        await crowd.WaitAsync(final, patience.Token);
        var audit = new Audit(final, rack.Target);
        await audit.RunAsync(crowd.Entries);
        final.ForEach(door => door.Dispose());
        return Report(options, rack, crowd, counts, audit);
    }

    private static TortureReport Report(TortureOptions options, Rack rack, Crowd crowd, FaultCounts counts, Audit audit) => new()
    {
        Seed = options.Seed,
        Submitted = crowd.Entries.Count,
        Acknowledged = crowd.Entries.Count(entry => entry.Acknowledged),
        Lost = audit.Lost,
        SettledTwice = audit.SettledTwice,
        NotLinearizable = audit.NotLinearizable,
        ItemsWrong = audit.ItemsWrong,
        OutputsTorn = audit.OutputsTorn,
        ResultsForeign = audit.ResultsForeign,
        RunTwice = rack.Target.Runs.Count(run => run.Value > 1 && !run.Key.Contains('/', StringComparison.Ordinal)),
        Poisoned = audit.Poisoned,
        Canceled = audit.Canceled,
        Calls = audit.Calls,
        Refused = crowd.Refused,
        Faults = counts.Faults,
        AcceptsAgain = RecoveryTimes.Of(counts.Recoveries),
        RunsAgain = RecoveryTimes.Of(rack.Target.Repaired),
        NotDone = [.. NotDone(options, rack), .. counts.Failed],
        Wrong = [.. audit.Wrong, .. crowd.Surprises, .. Unanswered(crowd)],
    };

    private static IEnumerable<string> Unanswered(Crowd crowd)
    {
        var count = crowd.Entries.Count(entry => !entry.Acknowledged);
        if (count > 0) yield return $"{count} submits were not accepted to the end, although nothing was done any more to the nodes";
    }

    private static List<string> NotDone(TortureOptions options, Rack rack)
    {
        List<string> missing = [];
        if (options.Connection is not null) missing.Add("killing the database and filling its disk: it was there before");
        else if (rack.Disk is null) missing.Add("a full disk: only root can mount a small one");
        return missing;
    }

    private static async Task UntilAsync(Func<bool> yes, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!yes() && TimeProvider.System.GetElapsedTime(started) < patience) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
    }

    private static TimeSpan ClockMax(TortureOptions options) => options.Duration / 4 < LongestJump ? options.Duration / 4 : LongestJump;

    private static async Task WaitUntilReadyAsync(IReadOnlyList<Door> doors, Rack rack)
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var door in doors)
        {
            while (!await door.IsReadyAsync())
            {
                if (TimeProvider.System.GetElapsedTime(started) > StartPatience) throw new TimeoutException($"A node is not ready after {StartPatience}.\n{rack.Tails()}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
