using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Errand.EndToEnd.Tests.Faults;

/// <summary>
/// A cell of three PostgreSQL servers on a network of their own, two nodes, and what may befall the cell. Every acknowledgement is held against what is there at the end, and every history of a job
/// against what one machine could have answered. <c>eng/faults.sh</c> runs the long forms.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private static readonly int Failovers =
        int.TryParse(Environment.GetEnvironmentVariable("ERRAND_FAILOVERS"), CultureInfo.InvariantCulture, out var given) ? given : 20;

    private static readonly TimeSpan CutOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(60);

    [Fact(Explicit = true)]
    public async Task Nothing_is_lost_in_one_failover_after_another()
    {
        await using var stage = await Stage.BuildAsync(seed: 1);
        var (told, silent) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 1; i <= Failovers; i++)
        {
            // Every other time the whole machine is gone: nobody tells the nodes that their connections have ended.
            var machine = i % 2 == 0;
            var old = stage.Cell.Primary;
            if (machine) await stage.Cell.CutAsync(old);
            await old.KillAsync();
            var killed = TimeProvider.System.GetTimestamp();
            await stage.Cell.PromoteAsync();
            var promoted = TimeProvider.System.GetElapsedTime(killed);
            var gap = await stage.UntilAcceptedAsync(killed);
            (machine ? silent : told).Add(gap);
            Say($"failover {i,2}: {old.Name} -> {stage.Cell.Primary.Name}, {(machine ? "machine gone  " : "process killed")}, promoted after {promoted.TotalSeconds:0.00} s, accepted again after {gap.TotalSeconds:0.00} s");
            if (machine) await stage.Cell.JoinAsync(old);
            await stage.Cell.RebuildAsync(old);
            await stage.Cell.UntilWholeAsync();
        }

        await JudgeAsync(stage, $"{Failovers} failovers; gap after a killed process {Spread(told)}, after a machine that is gone {Spread(silent)}");
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_lost_when_the_standbys_are_cut_off_and_then_the_primary_dies()
    {
        await using var stage = await Stage.BuildAsync(seed: 2);
        var cell = stage.Cell;
        foreach (var standby in cell.Others) await cell.CutAsync(standby);
        var cut = TimeProvider.System.GetTimestamp();
        await Wait.For(CutOff);
        var meanwhile = stage.AcknowledgedSince(cut);
        await cell.Primary.KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        foreach (var standby in cell.Others) await cell.JoinAsync(standby);
        await cell.PromoteAsync();
        var gap = await stage.UntilAcceptedAsync(killed);
        await JudgeAsync(stage, $"standbys cut off for {CutOff.TotalSeconds:0} s ({meanwhile} submits acknowledged meanwhile), then the primary killed; accepted again {gap.TotalSeconds:0.00} s after that");
        Assert.Equal(0, meanwhile);
    }

    [Fact(Explicit = true)]
    public async Task A_primary_that_comes_back_from_a_standstill_shows_and_hands_out_nothing()
    {
        await using var stage = await Stage.BuildAsync(seed: 3);
        var cell = stage.Cell;
        var old = cell.Primary;
        await old.SignalAsync("STOP");
        var stopped = TimeProvider.System.GetTimestamp();
        await cell.PromoteAsync();
        var gap = await stage.UntilAcceptedAsync(stopped, submits: 50);

        // It believes to be the primary, and it is the first in the list of hosts.
        await old.SignalAsync("CONT");
        var back = TimeProvider.System.GetTimestamp();
        var after = await stage.UntilAcceptedAsync(back, submits: 300);
        Assert.Equal("f", (await old.AskAsync("SELECT pg_is_in_recovery()::text"))[..1]);
        await JudgeAsync(stage, $"a primary stopped, a standby promoted (accepted again after {gap.TotalSeconds:0.00} s), the old one goes on beside it (accepted {after.TotalSeconds:0.00} s after that)");
    }

    [Fact(Explicit = true)]
    public async Task A_cell_without_standbys_acknowledges_nothing()
    {
        await using var stage = await Stage.BuildAsync(seed: 4);
        var cell = stage.Cell;
        foreach (var standby in cell.Others) await cell.CutAsync(standby);
        await cell.UntilAloneAsync();
        var alone = TimeProvider.System.GetTimestamp();
        using var client = new HttpClient { Timeout = AnswerPatience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.Token);
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch).ToString("N");
        var job = new Uri(stage.Nodes[0].Url, $"v1/jobs/{id}");
        using var answer = await client.PutAsJsonAsync(job, new { type = "torture.http", input = new { n = 1 } });
        var said = await answer.Content.ReadAsStringAsync();
        var waited = TimeProvider.System.GetElapsedTime(alone);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains(id, said, StringComparison.Ordinal);
        Assert.Equal(0, stage.AcknowledgedSince(alone));

        var joined = TimeProvider.System.GetTimestamp();
        foreach (var standby in cell.Others) await cell.JoinAsync(standby);
        var gap = await stage.UntilAcceptedAsync(joined);
        using var again = await client.PutAsJsonAsync(job, new { type = "torture.http", input = new { n = 1 } });
        Assert.True(again.IsSuccessStatusCode, await again.Content.ReadAsStringAsync());
        await JudgeAsync(stage, $"both standbys away: a submit was answered 503 with its id after {waited.TotalSeconds:0.0} s, none was acknowledged; accepted again {gap.TotalSeconds:0.00} s after they were back");
    }

    private async Task JudgeAsync(Stage stage, string what) => output.WriteLine(await stage.JudgeAsync(what));

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    private static string Spread(List<TimeSpan> times)
    {
        if (times.Count == 0) return "not tried";
        var sorted = times.Order().Select(time => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)).ToList();
        return $"{sorted[0]} / {sorted[sorted.Count / 2]} / {sorted[^1]} s (least / median / most)";
    }
}
