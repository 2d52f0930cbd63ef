using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Errand.Torture.Load;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests;

/// <summary>
/// kill -9 of the real server at random moments under submit and run load. Afterwards every acknowledged job exists exactly once and
/// ends, what was seen finished never changed again, no item is counted twice, no output is torn, and no job's history is one that a single machine could not have shown.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("ERRAND_KILLS"), out var kills) ? kills
        : Environment.GetEnvironmentVariable("ERRAND_TESTS") == "long" ? 100 : 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(20);

    // So short that the submits of one life of the server overlap its death.
    private static readonly TimeSpan SubmitPause = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_by_kill_9()
    {
        using var folder = new DataFolder();
        await using var target = await Target.StartAsync();
        var config = folder.WriteConfig(new JsonObject { ["types"] = JobKinds.Types(target.Url) });
        var token = await ErrandProcess.CreateTokenAsync(folder.Data);
        var (random, port) = (new Random(Seed()), ErrandProcess.FreePort());
        using var door = new Door(new Uri($"http://127.0.0.1:{port}"), token, AnswerPatience, _ => { });
        var crowd = new Crowd([door], JobKinds.DrawLocal, SubmitPause);
        using var enough = new CancellationTokenSource();

        var load = crowd.RunAsync(new Random(random.Next()), enough.Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ErrandProcess.ServeAsync(folder.Data, config, port);
            await Wait.For(TimeSpan.FromMilliseconds(random.Next(100, 900)));
            await server.KillAsync();
        }

        await enough.CancelAsync();
        await load;
        await using var last = await ErrandProcess.ServeAsync(folder.Data, config, port);
        var audit = await AuditAsync(crowd, door, target);

        var acknowledged = crowd.Entries.Count(entry => entry.Acknowledged);
        var line = $"Kills: {Kills} kills, {acknowledged} jobs acknowledged, {audit.Lost} lost, {audit.SettledTwice} settled twice, {audit.ItemsWrong} with items counted twice, "
            + $"{audit.OutputsTorn} outputs torn, {audit.NotLinearizable} histories of {audit.Calls} calls not linearizable, {audit.Poisoned} parked as poison, "
            + $"{target.Runs.Values.Count(n => n > 1)} runs repeated";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.True(audit.Wrong.Count == 0, $"{string.Join('\n', audit.Wrong.Take(10))}\n{last.Log[^Math.Min(4000, last.Log.Length)..]}");
        Assert.Empty(crowd.Surprises);
        Assert.Equal(crowd.Entries.Count, acknowledged);
        Assert.True(acknowledged > Kills * 5, "the load must be real: more than five acknowledged jobs a kill");
    }

    private static async Task<Audit> AuditAsync(Crowd crowd, Door door, Target target)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await crowd.SendAgainAsync([door], patience.Token);
        await crowd.WaitAsync([door], patience.Token);
        var audit = new Audit([door], target);
        await audit.RunAsync(crowd.Entries);
        return audit;
    }

    private static int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ERRAND_KILL_SEED"), out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);
        Console.WriteLine($"Kill seed: {seed}");
        return seed;
    }
}
