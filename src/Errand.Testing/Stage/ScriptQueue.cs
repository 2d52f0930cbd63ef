namespace Errand.Testing.Stage;

/// <summary>Scripts that wait for jobs, first in, first out.</summary>
internal sealed class ScriptQueue
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    public IReadOnlyList<VendorScript> Waiting
    {
        get
        {
            lock (gate) return [.. entries.Select(entry => entry.Script with { Jobs = entry.Left })];
        }
    }

    public void Add(VendorScript script)
    {
        lock (gate) entries.Add(new Entry(script));
    }

    /// <summary>Returns how many were waiting.</summary>
    public int Clear()
    {
        lock (gate)
        {
            var count = entries.Count;
            entries.Clear();
            return count;
        }
    }

    /// <summary>What goes wrong with the request that would begin the next job; null when nothing does.</summary>
    public ScriptFault? NextFault()
    {
        lock (gate) return entries.Count == 0 ? null : Trouble.Next(entries[0].Troubles);
    }

    /// <summary>How long the answer to that request is held back.</summary>
    public TimeSpan NextLag
    {
        get
        {
            lock (gate) return entries.Count == 0 ? TimeSpan.Zero : entries[0].Script.Lag;
        }
    }

    /// <summary>The course of the job that was just begun.</summary>
    public VendorScript Take()
    {
        lock (gate)
        {
            if (entries.Count == 0) return VendorScript.Default;
            var first = entries[0];
            if (--first.Left == 0) entries.RemoveAt(0);
            else first.Renew();
            return first.Script;
        }
    }

    private sealed class Entry(VendorScript script)
    {
        public VendorScript Script => script;

        public int? Left { get; set; } = script.Jobs;

        public IReadOnlyList<Trouble> Troubles { get; private set; } = TroublesOf(script);

        public void Renew() => Troubles = TroublesOf(script);

        private static List<Trouble> TroublesOf(VendorScript script) => [.. script.Faults.Where(fault => fault.OnStart).Select(fault => new Trouble(fault))];
    }
}
