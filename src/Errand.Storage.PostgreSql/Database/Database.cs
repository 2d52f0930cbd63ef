using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>The store as its facets use it: connections from one pool, and statements with the schema's name in them.</summary>
internal sealed class Database : IAsyncDisposable
{
    private volatile bool _closed;

    public Database(PostgreSqlStorageOptions options, TimeProvider time)
    {
        Time = time;
        Options = options;
        Schema = new SchemaName(options.Schema);
        var settings = ConnectionSettings.Of(options);
        Server = ConnectionSettings.NameOf(settings);
        Faults = new StorageFaults(Server);
        Fence = new ReadFence(Server, options.ReadFence, time);
        Hosts = new Hosts(settings, Schema, Fence, time);
        Lanes = new Lanes(this);
        Walks = new WalkMarks(time);
    }

    public PostgreSqlStorageOptions Options { get; }

    public TimeProvider Time { get; }

    public SchemaName Schema { get; }

    /// <summary>Host and database, for messages.</summary>
    public string Server { get; }

    public StorageFaults Faults { get; }

    public Lanes Lanes { get; }

    /// <summary>Where waiting jobs are written to.</summary>
    public RingSlots Ring { get; } = new();

    /// <summary>From where sweeps walk.</summary>
    public WalkMarks Walks { get; }

    /// <summary>From where claims look.</summary>
    public ShelfMarks Marks { get; } = new();

    /// <summary>What a read of jobs passes before it is answered.</summary>
    public ReadFence Fence { get; }

    public Hosts Hosts { get; }

    public int SchemaVersion { get; set; }

    /// <summary>Claims must find these jobs, if they wait: a commit is over that may have put them there.</summary>
    public void LowerMarks(IEnumerable<JobHead> heads)
    {
        if (!Marks.AreUsed) return;
        foreach (var head in heads.Where(head => head.State is JobState.Queued)) Marks.Lower(Lanes.ShelfOf(head), head.DueAt.UtcTicks, head.Sequence);
    }

    /// <param name="line">Who keeps the connection; null for one that goes back to the pool.</param>
    public async ValueTask<Session> OpenAsync(Line? line = null)
    {
        if (_closed) throw Faults.Closed();
        try
        {
            return Use(await Hosts.OpenAsync(), line);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or ObjectDisposedException)
        {
            throw Faults.Translate(exception);
        }
    }

    public Session Use(NpgsqlConnection connection, Line? line) => new(connection, Schema, Faults, Time, Hosts.Reign, line: line);

    /// <summary>Works on a connection of the app, within its transaction.</summary>
    public Session Borrow(NpgsqlConnection connection) => _closed ? throw Faults.Closed() : new Session(connection, Schema, Faults, Time, CancellationToken.None, borrowed: true);

    public async ValueTask<T> ReadAsync<T>(Action<Batch> ask, Func<Results, ValueTask<T>> read)
    {
        await using var session = await OpenAsync();
        var batch = session.NewBatch();
        ask(batch);
        return await session.RunAsync(batch, read);
    }

    /// <summary>As <see cref="ReadAsync"/>, for what callers are shown of jobs.</summary>
    public async ValueTask<T> ShowAsync<T>(Action<Batch> ask, Func<Results, ValueTask<T>> read)
    {
        await Fence.PassAsync();
        return await ReadAsync(ask, read);
    }

    /// <summary>A connection outside the pool, for what is held for long.</summary>
    public ValueTask<NpgsqlConnection> OpenLastingAsync(CancellationToken cancellationToken) => Hosts.OpenLastingAsync(cancellationToken);

    /// <summary>Statements that are one transaction and one round trip.</summary>
    public async ValueTask<T> CommitAsync<T>(Action<Batch> ask, Func<Results, ValueTask<T>> read)
    {
        await using var session = await OpenAsync();
        var batch = session.NewBatch();
        ask(batch);
        return await session.CommitAsync(batch, read);
    }

    public ValueTask<bool> CommitAsync(Action<Batch> ask) => CommitAsync(ask, static _ => new ValueTask<bool>(true));

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await Hosts.DisposeAsync();
    }
}
