using CsCheck;
using Errand.Conformance.Model;

namespace Errand.Conformance.Tests;

/// <summary>What may be acknowledged on a replicated store, and the two ways to get it wrong that look right.</summary>
public sealed class ReplicationModelTests(ITestOutputHelper output)
{
    private const int Jobs = 3;
    private const int Failovers = 2;

    [Fact]
    public void Nothing_acknowledged_is_lost_by_a_failover()
    {
        var report = Check.Exhaustive(ReplicationModel.Of(Jobs, Failovers), output.WriteLine);

        Console.WriteLine($"Model: {Jobs} rows, {Failovers} failovers: {report.States} states, {report.Transitions} transitions, closed: {report.Closed}");
        Assert.True(report.Closed);
        Assert.Empty(report.NeverFired);
    }

    [Fact]
    public void A_replay_that_only_reads_loses_an_acknowledged_job() => LosesAfter(["submit(0)", "wait cut short(0)", "replay(0)", "failover"], ReplicationModel.Of(Jobs, Failovers, replayWrites: false));

    [Fact]
    public void A_notice_that_nobody_reads_loses_an_acknowledged_job() => LosesAfter(["submit(0)", "wait cut short(0)", "failover"], ReplicationModel.Of(Jobs, Failovers, noticeHeeded: false));

    private void LosesAfter(string[] steps, Spec<Replicated> broken)
    {
        Check.Exhaustive(broken, out var violation);

        Assert.NotNull(violation);
        output.WriteLine(violation.ToString());
        Assert.Equal(ReplicationModel.Promise, violation.Id);
        Assert.Equal(steps, violation.Trace.Steps.Select(step => step.ToString()));
    }
}
