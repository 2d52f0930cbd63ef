namespace Errand.Storage.Sqlite;

/// <summary>Lets through only what the holder of a claim says.</summary>
internal static class Fence
{
    private static readonly Sql Holds = Sql.Of("contents", "holds");

    /// <summary>True while the job is claimed with the ticket's token.</summary>
    public static bool LetsThrough(this Transaction transaction, JobTicket ticket)
    {
        using var holds = transaction.Use(Holds);
        return holds.Bind(ticket.Sequence).Bind(ticket.Token).Step();
    }
}
