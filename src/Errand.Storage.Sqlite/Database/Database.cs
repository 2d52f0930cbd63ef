using Microsoft.Extensions.Logging;

namespace Errand.Storage.Sqlite;

/// <summary>
/// The store as its facets use it: one writer, some readers, and what both know by heart. Nothing works before it is opened.
/// </summary>
internal sealed class Database(DataFolder folder, SqliteStorageOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private OpenDatabase? _open;
    private volatile bool _closed;

    public StorageFaults Faults { get; } = new(folder.Database);

    public Ledger Names => Open.Ledger;

    public SeenJobs? Seen => Open.Seen;

    public SessionTerms Sessions => Open.Sessions;

    public ReaderOfBeats BeatReader => Open.BeatReader;

    public bool RefusesGrowth => Open.Disk.IsShort;

    /// <exception cref="StorageException">There is no room for anything new.</exception>
    public void RefuseGrowth()
    {
        if (RefusesGrowth) throw Faults.Full();
    }

    private OpenDatabase Open => _open
        ?? throw (_closed ? Faults.Closed() : new InvalidOperationException("The store is not open: call Schema.MigrateAsync first."));

    public async ValueTask OpenAsync(DateTimeOffset asOf, CancellationToken cancellationToken) =>
        _open ??= await new DatabaseOpening(folder, options, Faults, time, logger).OpenAsync(asOf, cancellationToken);

    /// <inheritdoc cref="Writer.WriteAsync"/>
    public ValueTask<T> WriteAsync<T>(Func<Transaction, T> act, CancellationToken cancellationToken, int rows = 1, bool grows = false) =>
        Open.Writer.WriteAsync(act, cancellationToken, rows, grows);

    public ValueTask<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) =>
        Open.Readers.ReadAsync(read, cancellationToken);

    public ValueTask<StorageHealth> CheckAsync(CancellationToken cancellationToken) =>
        new HealthCheck(folder, Open, options).RunAsync(cancellationToken);

    public void Dispose()
    {
        _closed = true;
        Interlocked.Exchange(ref _open, null)?.Dispose();
    }
}
