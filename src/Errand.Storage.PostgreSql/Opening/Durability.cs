namespace Errand.Storage.PostgreSql;

/// <summary>What the server does before it acknowledges a commit.</summary>
internal sealed record Durability(string SynchronousCommit, string StandbyNames, string Fsync)
{
    private static readonly Sql Read = Sql.Of("health", "durability");

    /// <summary>True when a commit waits for a standby.</summary>
    public bool WaitsForStandbys => StandbyNames.Length > 0 && SynchronousCommit is "on" or "remote_apply";

    public static ValueTask<Durability> ReadAsync(Database database) => database.ReadAsync(
        batch => batch.Add(Read), async results => (await results.FirstAsync(row => new Durability(row.Text(), row.Text(), row.Text())))!);

    /// <summary>Why the store must not open; null when it may.</summary>
    public string? Refusal(bool mustWaitForStandbys, string server)
    {
        if (SynchronousCommit == "off")
        {
            return $"{server} acknowledges before the commit is on disk (synchronous_commit = off): what was accepted would be lost in a crash. "
                + "Run: ALTER ROLE CURRENT_USER SET synchronous_commit = on.";
        }

        if (!mustWaitForStandbys || (StandbyNames.Length > 0 && SynchronousCommit is "on" or "remote_apply")) return null;
        return StandbyNames.Length == 0
            ? $"{server} waits for no standby (synchronous_standby_names is empty), and RequireSynchronousReplication is set. Set it, such as "
                + "'ANY 1 (standby1, standby2)', or unset the option."
            : $"{server} does not wait until a standby has the commit on disk (synchronous_commit = {SynchronousCommit}), and "
                + "RequireSynchronousReplication is set. Set synchronous_commit to on.";
    }
}
