namespace Errand.Storage.Sqlite;

/// <summary>A worker session as columns.</summary>
internal static class SessionRow
{
    public static WorkerSession Read(Statement row) => new()
    {
        Id = new SessionId(row.Guid()),
        Worker = row.Text(),
        Tenant = row.TextOrNull(),
        Remote = row.Bool(),
        Slots = row.Int32(),
        Queues = StoredJson.ReadWords(row.Bytes()),
        Types = StoredJson.ReadWords(row.Bytes()),
        OpenedAt = row.Time(),
        ExpiresAt = row.Time(),
    };

    public static void Bind(Statement statement, WorkerSession session) => statement
        .Bind(session.Id.Value).Bind(session.Worker).Bind(session.Tenant).Bind(session.Remote).Bind(session.Slots)
        .Bind(StoredJson.Write(session.Queues)).Bind(StoredJson.Write(session.Types)).Bind(session.OpenedAt).Bind(session.ExpiresAt);
}
