using CsCheck;

namespace Errand.Conformance.Model;

/// <summary>
/// A primary that ships its commits to a standby, and clients that are told of them: what may be acknowledged when, so that a failover loses nothing. A commit whose wait for the standby is
/// cut short is on the primary alone, and PostgreSQL says so in a notice only.
/// </summary>
internal static class ReplicationModel
{
    public const string Promise = "kept";

    /// <summary>Builds it for so many jobs and failovers.</summary>
    /// <param name="jobs">How many jobs are submitted.</param>
    /// <param name="failovers">How many primaries die.</param>
    /// <param name="replayWrites">A replay is a write that waits for the standby. False: it reads the row that is there, and acknowledges it.</param>
    /// <param name="noticeHeeded">A wait that was cut short is no acknowledgement. False: the statement succeeded, and that is believed.</param>
    public static Spec<Replicated> Of(int jobs, int failovers, bool replayWrites = true, bool noticeHeeded = true)
    {
        int[] all = [.. Enumerable.Range(0, jobs)];
        return Spec.From(new Replicated(new Values<Row>([.. Enumerable.Repeat(default(Row), jobs)]), Linked: true, Failovers: 0))
            .Action("submit", all, (now, j) => !now.Rows[j].OnPrimary && !now.Rows[j].Waits, (now, j) => now.With(j, row => row with { OnPrimary = true, Waits = true }))
            .Action("replay", all, (now, j) => now.Rows[j].OnPrimary && !now.Rows[j].Waits, (now, j) =>
                now.With(j, row => replayWrites ? row with { Waits = true } : row with { Acknowledged = true }))
            .Action("ship", now => now.Linked && now.Rows.Any(row => row.OnPrimary && !row.OnStandby), now => now with { Rows = now.Rows.Map(row => row with { OnStandby = row.OnPrimary }) })
            .Action("acknowledge", all, (now, j) => now.Rows[j].Waits && now.Rows[j].OnStandby, (now, j) => now.With(j, row => row with { Waits = false, Acknowledged = true }))
            .Action("wait cut short", all, (now, j) => now.Rows[j].Waits && !now.Rows[j].OnStandby, (now, j) =>
                now.With(j, row => row with { Waits = false, Acknowledged = row.Acknowledged || !noticeHeeded }))
            .Action("link breaks", now => now.Linked, now => now with { Linked = false })
            .Action("link heals", now => !now.Linked, now => now with { Linked = true })
            .Action("failover", now => now.Failovers < failovers, now => new Replicated(
                now.Rows.Map(row => row with { OnPrimary = row.OnStandby, Waits = false }), Linked: false, now.Failovers + 1))
            .Invariant(Promise, "What was acknowledged is never lost.", now => now.Rows.All(row => row.OnPrimary || !row.Acknowledged))
            .Reachable("waits alone", "A commit can be on the primary alone.", now => now.Rows.Any(row => row.OnPrimary && !row.OnStandby))
            .Reachable("lost unacknowledged", "What nobody was told of may be lost.", now => now.Failovers > 0 && now.Rows.All(row => !row.OnPrimary));
    }
}

/// <summary>The primary and its standby.</summary>
internal sealed record Replicated(Values<Row> Rows, bool Linked, int Failovers)
{
    public Replicated With(int place, Func<Row, Row> change) => this with { Rows = Rows.With(place, change(Rows[place])) };
}

/// <summary>One job's row.</summary>
internal readonly record struct Row(bool OnPrimary, bool OnStandby, bool Waits, bool Acknowledged);
