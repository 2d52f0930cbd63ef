using System.Runtime.InteropServices;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Up to where this node has emptied each shelf: a claim looks from there on, past the dead rows of everything that was taken before. What this node
/// writes below a mark lowers it; what others write there, and what they give back, is found by the <see cref="FullLook"/>.
/// Marks are used only while there are many rows to walk over; until then every claim sees everything.
/// </summary>
internal sealed class ShelfMarks
{
    /// <summary>Transactions of other nodes commit about so late: a mark stays that far behind now.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Mark> _marks = [];

    // What was lowered while a claim is under way: it may not have seen it.
    private readonly Dictionary<long, Mark> _lowered = [];
    private bool _areUsed;
    private bool _wereUsed;

    /// <summary>Whether claims look from the marks on.</summary>
    public bool AreUsed
    {
        get
        {
            lock (_gate) return _areUsed;
        }

        set
        {
            lock (_gate)
            {
                if (_areUsed == value) return;

                // The claim that is under way knows only a part of what was lowered.
                (_areUsed, _wereUsed) = (value, false);
                _marks.Clear();
            }
        }
    }

    /// <summary>Begins a claim, and tells from where each shelf is to be looked at. Claims of a node come one after the other.</summary>
    public Dictionary<long, Mark> Begin()
    {
        lock (_gate)
        {
            _lowered.Clear();
            _wereUsed = _areUsed;
            return _areUsed ? new(_marks) : [];
        }
    }

    /// <summary>A claim that has committed took this job, and in order all that was seen before it on the shelf.</summary>
    public void Took(long shelf, Mark job, DateTimeOffset asOf)
    {
        lock (_gate)
        {
            if (!_wereUsed) return;
            var mark = Least(job, new Mark((asOf - Late).UtcTicks, 0));
            if (_lowered.TryGetValue(shelf, out var lowered)) mark = Least(mark, lowered);
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_marks, shelf, out var exists);
            if (!exists || known.IsBelow(mark)) known = mark;
        }
    }

    /// <summary>A job lies on the shelf, or may lie there, as of a commit that is over.</summary>
    public void Lower(long shelf, long dueAt, long sequence)
    {
        var below = new Mark(dueAt, sequence - 1);
        lock (_gate)
        {
            if (!_areUsed) return;
            if (_marks.TryGetValue(shelf, out var mark) && below.IsBelow(mark)) _marks[shelf] = below;
            if (!_lowered.TryGetValue(shelf, out var lowered) || below.IsBelow(lowered)) _lowered[shelf] = below;
        }
    }

    /// <summary>A claim went wrong: nobody knows what it took.</summary>
    public void Forget(IEnumerable<long> shelves)
    {
        lock (_gate)
        {
            foreach (var shelf in shelves) _marks.Remove(shelf);
        }
    }

    /// <summary>The marks as they are.</summary>
    public Dictionary<long, Mark> Copy()
    {
        lock (_gate) return new(_marks);
    }

    private static Mark Least(Mark one, Mark other) => one.IsBelow(other) ? one : other;

    /// <summary>Everything up to it, itself included, is gone.</summary>
    public readonly record struct Mark(long DueAt, long Sequence)
    {
        public bool IsBelow(Mark other) => (DueAt, Sequence).CompareTo((other.DueAt, other.Sequence)) < 0;
    }
}
