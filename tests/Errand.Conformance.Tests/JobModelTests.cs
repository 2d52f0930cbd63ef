using CsCheck;
using Errand.Conformance.Model;

namespace Errand.Conformance.Tests;

/// <summary>The model keeps every promise in every state that it can reach, and every broken variant is found out.</summary>
public sealed class JobModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 3, 4)]
    [InlineData(2, 2, 2)]
    public void Every_promise_holds_in_every_state(int jobs, int workers, int claims)
    {
        var report = Check.Exhaustive(JobModel.Of(jobs, workers, claims), output.WriteLine);

        Console.WriteLine($"Model: {jobs} jobs, {workers} workers, up to {claims} claims of each: {report.States} states, {report.Transitions} transitions, {report.Depth} steps deep, closed: {report.Closed}");
        Assert.True(report.Closed);
        Assert.Equal(0, report.DeadlockStates);
        Assert.Empty(report.NeverFired);
        // Three losses take three claims.
        Assert.Equal(claims < JobModel.LossesMax ? ["parked"] : [], report.NeverTriggered);
    }

    [Fact]
    public void Every_broken_variant_is_found_by_the_promise_that_it_breaks()
    {
        var report = Check.Faults(JobModel.Of(jobs: 1, workers: 2, claimsMax: 3), output.WriteLine);

        Assert.Empty(report.Uncaught);
        Assert.Empty(report.Inconclusive);
        Assert.Equal("fenced", report.CaughtBy("no fencing"));
        Assert.Equal("kept", report.CaughtBy("acknowledged before it is stored"));
        Assert.Equal("own claims", report.CaughtBy("a claim gives what another has"));
        Assert.Equal("terminal", report.CaughtBy("a cancel revives"));
        Assert.Equal("tokens grow", report.CaughtBy("recovery begins the tokens anew"));
    }
}
