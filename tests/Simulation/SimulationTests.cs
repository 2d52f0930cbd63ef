using System.Globalization;
using Errand.Simulation.Tests.World;

namespace Errand.Simulation.Tests;

/// <summary>
/// Thousands of stories, each from a seed. <c>ERRAND_SIMULATION_SEEDS</c> sets how many (default: 2,000), <c>ERRAND_SIMULATION_FIRST</c> from which
/// on (default: 1), <c>ERRAND_SIMULATION_SEED</c> tells one of them alone.
/// </summary>
public sealed class SimulationTests
{
    [Fact]
    public void Every_promise_is_kept_whatever_happens()
    {
        var first = Number("ERRAND_SIMULATION_FIRST") ?? 1;
        int[] seeds = Number("ERRAND_SIMULATION_SEED") is { } one ? [one] : [.. Enumerable.Range(first, Number("ERRAND_SIMULATION_SEEDS") ?? 2_000)];

        if (Stories.FirstBroken(seeds) is { } story) Assert.Fail(story);
        Console.WriteLine($"Simulation: {seeds.Length} seeds from {seeds[0]} to {seeds[^1]}, no promise broken");
    }

    [Fact]
    public void The_same_seed_tells_the_same_story()
    {
        foreach (var seed in Enumerable.Range(1, 20)) Assert.Equal(Story.Tell(seed), Story.Tell(seed));
    }

    [Fact]
    public void Different_seeds_tell_different_stories() =>
        Assert.Equal(20, Enumerable.Range(1, 20).Select(seed => Story.Tell(seed)).Distinct().Count());

    [Theory]
    [InlineData(nameof(CarelessStorage.WithoutFencing), "with the old token")]
    [InlineData(nameof(CarelessStorage.WithoutVersions), "job")]
    [InlineData(nameof(CarelessStorage.WithoutDurability), "is not there")]
    [InlineData(nameof(CarelessStorage.WithoutOutputs), "lost its output")]
    [InlineData(nameof(CarelessStorage.WithoutMercy), "was purged alive")]
    [InlineData(nameof(CarelessStorage.WithoutCounts), "the counts say")]
    [InlineData(nameof(CarelessStorage.WithoutLeases), "was given twice")]
    [InlineData(nameof(CarelessStorage.WithoutEnds), "had ended as Canceled")]
    public void A_store_that_breaks_a_promise_is_found_out(string careless, string found)
    {
        var story = Stories.FirstBroken([.. Enumerable.Range(1, 200)], inner => careless switch
        {
            nameof(CarelessStorage.WithoutFencing) => CarelessStorage.WithoutFencing(inner),
            nameof(CarelessStorage.WithoutVersions) => CarelessStorage.WithoutVersions(inner),
            nameof(CarelessStorage.WithoutOutputs) => CarelessStorage.WithoutOutputs(inner),
            nameof(CarelessStorage.WithoutMercy) => CarelessStorage.WithoutMercy(inner),
            nameof(CarelessStorage.WithoutCounts) => CarelessStorage.WithoutCounts(inner),
            nameof(CarelessStorage.WithoutLeases) => CarelessStorage.WithoutLeases(inner),
            nameof(CarelessStorage.WithoutEnds) => CarelessStorage.WithoutEnds(inner),
            _ => CarelessStorage.WithoutDurability(inner),
        });

        Assert.Contains(found, story, StringComparison.Ordinal);
    }

    [Fact]
    public void Stories_are_eventful()
    {
        var missing = Events.ToList();
        for (var seed = 1; seed <= 400 && missing.Count > 0; seed++)
        {
            List<string> told = [];
            Story.Tell(seed, spoil: null, told);
            missing.RemoveAll(what => told.Exists(line => line.Contains(what, StringComparison.Ordinal)));
        }

        Assert.Empty(missing);
    }

    private static readonly string[] Events =
    [
        "the server dies", "the clock of node 0 jumps", "the clock of node 2 jumps", "is stopped", "goes on", "the sky is Stormy", "the sky is Down", "no room", "before the write", "after the write", "The store is busy",
        "The store is down", "freezes", "is back", "is told that its claim", ": False", "as Snoozed: True", "as Failed: True", "pause",
        "lost its worker", "poison", "was asked to stop", "has been purged", "ended as Canceled", "deadline_exceeded", "expired_before_start", "attempts_exhausted",
        "published out-", "publishes' fails", "upload' fails", "one of 3 servers dies",
    ];

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
