using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Errand.EndToEnd.Tests.Faults;
using Errand.Torture.Load;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests.PowerLoss;

/// <summary>
/// The power goes while jobs are submitted, run and settled, again and again: the disk keeps what was flushed and loses the rest. Every acknowledgement is held against what is there when the machine
/// is up again. The same with flushes that are not done must lose some, or the experiment shows nothing. <c>eng/power-loss.sh</c> runs it.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private const int Controls = 3;
    private const int Least = 20;

    private static readonly int Cuts = int.TryParse(Environment.GetEnvironmentVariable("ERRAND_CUTS"), CultureInfo.InvariantCulture, out var given) ? given : 20;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SubmitPause = TimeSpan.FromMilliseconds(30);

    [Theory(Explicit = true)]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Nothing_acknowledged_is_lost_by_one_power_cut_after_another(string store)
    {
        var (logs, random) = (Directory.CreateTempSubdirectory("errand-power-"), new Random(Seed()));
        await using var target = await Target.StartAsync();
        await using var machine = await Machine.BuildAsync(store == "PostgreSQL", target.Url, logs.FullName, flushes: true);
        var acknowledged = new Acknowledgements();
        using var door = new Door(machine.Url, machine.Token, AnswerPatience, begun => acknowledged.Add(node: 0, begun));
        var crowd = new Crowd([door], JobKinds.DrawLocal, SubmitPause);
        using var enough = new CancellationTokenSource();
        var load = crowd.RunAsync(new Random(random.Next()), enough.Token);
        try
        {
            for (var cut = 1; cut <= Cuts; cut++)
            {
                var up = TimeProvider.System.GetTimestamp();
                await UntilAcknowledgedAsync(acknowledged, up, machine);
                await Wait.For(TimeSpan.FromMilliseconds(random.Next(1500)));

                // Every other disk has kept some of what it was not asked to keep.
                var scatter = cut % 2 == 0;
                await machine.CutPowerAsync(scatter ? random : null);
                var restored = TimeProvider.System.GetTimestamp();
                await machine.StartAsync();
                var ready = TimeProvider.System.GetElapsedTime(restored);
                Say($"{store}: power cut {cut,2}{(scatter ? ", some writes kept" : "")}: {acknowledged.CountSince(up)} jobs acknowledged since the last, ready {ready.TotalSeconds:0.0} s after the disk");
            }
        }
        finally
        {
            await enough.CancelAsync();
            await load;
        }

        await JudgeAsync(store, crowd, machine, target);
        logs.Delete(recursive: true);
    }

    [Theory(Explicit = true)]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Acknowledged_jobs_are_lost_where_flushes_are_not_done(string store)
    {
        var (logs, random, lost) = (Directory.CreateTempSubdirectory("errand-power-"), new Random(Seed()), 0);
        for (var control = 1; control <= Controls; control++)
        {
            await using var target = await Target.StartAsync();
            await using var machine = await Machine.BuildAsync(store == "PostgreSQL", target.Url, logs.FullName, flushes: false);
            var acknowledged = new Acknowledgements();
            using var door = new Door(machine.Url, machine.Token, AnswerPatience, begun => acknowledged.Add(node: 0, begun));
            var crowd = new Crowd([door], JobKinds.DrawLocal, SubmitPause);
            using var enough = new CancellationTokenSource();
            var up = TimeProvider.System.GetTimestamp();
            var load = crowd.RunAsync(new Random(random.Next()), enough.Token);
            try
            {
                await UntilAcknowledgedAsync(acknowledged, up, machine);
                await Wait.For(TimeSpan.FromMilliseconds(random.Next(1500)));
                await machine.CutPowerAsync(scatter: null);
            }
            finally
            {
                await enough.CancelAsync();
                await load;
            }

            var (gone, how) = await CountLostAsync(machine, crowd);
            lost += gone;
            Say($"{store}, control {control}: flushes not done, {crowd.Entries.Count(entry => entry.Acknowledged)} jobs acknowledged, {gone} lost{how}");
        }

        Assert.True(lost > 0, "Without flushes nothing was lost either: the experiment cannot tell.");
        logs.Delete(recursive: true);
    }

    /// <summary>How many acknowledged jobs nobody knows any more: all of them, where the store does not open.</summary>
    private static async Task<(int Lost, string How)> CountLostAsync(Machine machine, Crowd crowd)
    {
        var acknowledged = crowd.Entries.Where(entry => entry.Acknowledged).ToList();
        try
        {
            await machine.StartAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            return (acknowledged.Count, "; the store does not open");
        }

        using var door = new Door(machine.Url, machine.Token, LastPatience, _ => { });
        var lost = 0;
        foreach (var entry in acknowledged)
        {
            if (await door.ReadAsync(entry) is { Status: HttpStatusCode.NotFound }) lost++;
        }

        return (lost, "");
    }

    private async Task JudgeAsync(string store, Crowd crowd, Machine machine, Target target)
    {
        using var door = new Door(machine.Url, machine.Token, LastPatience, _ => { });
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await crowd.SendAgainAsync([door], patience.Token);
        await crowd.WaitAsync([door], patience.Token);
        var audit = new Audit([door], target);
        await audit.RunAsync(crowd.Entries);

        var acknowledged = crowd.Entries.Count(entry => entry.Acknowledged);
        var line = $"{store}: {Cuts} power cuts, {acknowledged} jobs acknowledged, {audit.Lost} lost, {audit.SettledTwice} settled twice, "
            + $"{audit.NotLinearizable} histories of {audit.Calls} calls not linearizable, {audit.ItemsWrong} with items wrong, {audit.OutputsTorn} outputs torn, "
            + $"{audit.ResultsForeign} foreign results, {audit.Poisoned} parked as poison, {target.Runs.Values.Count(n => n > 1)} runs repeated";
        Say(line);
        Assert.True(audit.Wrong.Count == 0, $"{line}\n{string.Join('\n', audit.Wrong.Take(10))}\n{machine.Tail}");
        Assert.Empty(crowd.Surprises);
        Assert.Equal(crowd.Entries.Count, acknowledged);
        Assert.True(acknowledged >= Cuts * Least, "the load must be real");
    }

    private static Task UntilAcknowledgedAsync(Acknowledgements acknowledged, long since, Machine machine) => Wait.UntilAsync(
        () => Task.FromResult(acknowledged.CountSince(since) >= Least), Patience, () => $"nothing is acknowledged\n{machine.Tail}");

    private int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ERRAND_POWER_SEED"), CultureInfo.InvariantCulture, out var chosen) ? chosen : RandomNumberGenerator.GetInt32(int.MaxValue);
        Say($"power seed {seed}");
        return seed;
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
