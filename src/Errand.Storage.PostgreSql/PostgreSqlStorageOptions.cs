namespace Errand.Storage.PostgreSql;

/// <summary>Where a PostgreSQL store lies and what it promises.</summary>
public sealed class PostgreSqlStorageOptions
{
    /// <summary>
    /// An Npgsql connection string, such as <c>Host=db1,db2,db3;Database=errand;Username=errand;Password=…</c>. With several hosts the primary
    /// is found among them, again after each failover. Required.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that holds the tables; created when it is not there. Default: <c>errand</c>.</summary>
    public string Schema { get; set; } = "errand";

    /// <summary>
    /// Refuses to start unless the server waits for a standby at each commit: <c>synchronous_standby_names</c> is set and
    /// <c>synchronous_commit</c> is at least <c>on</c>. Without it, what one server alone had acknowledged is lost with that server. Default: false.
    /// </summary>
    public bool RequireSynchronousReplication { get; set; }

    /// <summary>
    /// True when a pooler in transaction mode (PgBouncer) stands in between: no statement stays prepared, and no connection listens for
    /// hints, so that other nodes' changes are seen by the floor poll, within two seconds. Default: false.
    /// </summary>
    public bool Pooler { get; set; }

    /// <summary>
    /// How long after its last commit a node still shows jobs. A server that is cut off from its standbys, or that a standby has replaced
    /// without its knowledge, answers reads and commits nothing; what it shows may be lost. Nodes commit every second. Default: 5 seconds.
    /// </summary>
    /// <value>2 seconds to 1 minute.</value>
    public TimeSpan ReadFence { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A folder that every node has mounted under a path of its own, for the bytes of new outputs and uploads; what lies in the database already
    /// is served from there. Null keeps them in the database. Default: null.
    /// </summary>
    public string? OutputFolder { get; set; }

    /// <summary>The steps of the schema that are known. Tests name those of another release.</summary>
    internal Migrations Migrations { get; init; } = Migrations.Own;

    /// <summary>The least that a range holds. Tests set less.</summary>
    internal long RangeWidthMin { get; init; } = RangeRules.WidthMin;
}
