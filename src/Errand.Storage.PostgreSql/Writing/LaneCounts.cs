using System.Runtime.InteropServices;

namespace Errand.Storage.PostgreSql;

/// <summary>How a transaction changes the counts of lanes. They are appended with it, never added to a row that others wait for.</summary>
internal sealed class LaneCounts
{
    private static readonly Sql Append = Sql.Of("ledger", "count");

    private readonly Dictionary<(int Lane, JobState State), long> _changes = [];

    public void Count(int lane, JobState state, int change) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_changes, (lane, state), out _) += change;

    public void AddTo(Batch batch)
    {
        var changes = _changes.Where(change => change.Value != 0).ToList();
        if (changes.Count == 0) return;
        batch.Add(Append).With(changes.Select(change => change.Key.Lane)).With(changes.Select(change => (short)change.Key.State))
            .With(changes.Select(change => change.Value));
    }
}
