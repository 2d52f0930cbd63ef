using System.Collections.Concurrent;
using Errand.Storage;

namespace Errand.Simulation.Tests;

/// <summary>Tells many stories at once.</summary>
internal static class Stories
{
    private const int LinesShown = 1000;

    /// <summary>The story of the first seed that breaks a promise, in words; null when none does.</summary>
    public static string? FirstBroken(IReadOnlyList<int> seeds, Func<IJobStorage, IJobStorage>? spoil = null)
    {
        var broken = new ConcurrentBag<int>();
        Parallel.ForEach(seeds, (seed, loop) =>
        {
            try
            {
                Story.Tell(seed, spoil);
            }
            catch (Exception)
            {
                broken.Add(seed);
                loop.Break();
            }
        });
        return broken.IsEmpty ? null : Retell(broken.Min(), spoil);
    }

    private static string Retell(int seed, Func<IJobStorage, IJobStorage>? spoil)
    {
        List<string> told = [];
        try
        {
            Story.Tell(seed, spoil, told);
            return $"Seed {seed} broke a promise once and not again: something in it is not drawn from the seed.";
        }
        catch (Exception e)
        {
            return $"""
                Seed {seed} breaks a promise: {e.Message}
                Tell it again with ERRAND_SIMULATION_SEED={seed}. It ends so:
                {string.Join('\n', told.TakeLast(LinesShown))}
                {e}
                """;
        }
    }
}
