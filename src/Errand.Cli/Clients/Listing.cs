namespace Errand.Cli.Clients;

/// <summary>Lists that end before their end, and say so.</summary>
internal static class Listing
{
    /// <summary>The first entries; 0 for all of them.</summary>
    public static async IAsyncEnumerable<T> First<T>(IAsyncEnumerable<T> values, int limit, ClientRun run)
    {
        var count = 0;
        await foreach (var value in values)
        {
            if (limit > 0 && count++ == limit)
            {
                run.Note($"There are more than these {limit}: --limit 0 shows all.");
                yield break;
            }

            yield return value;
        }
    }
}
