namespace Errand.Storage.PostgreSql;

/// <summary>
/// A write for the sake of its commit. An answer that needs no other write – the replay of a request, a job that is there already – tells of a
/// commit that may be this server's alone, its wait for the standbys cut short; the log is sequential, so that a commit after it that
/// <i>was</i> waited for makes it durable too.
/// </summary>
internal sealed class Touch
{
    private static readonly Sql Write = Sql.Of("ledger", "touch");

    private readonly Guid _writer = Guid.NewGuid();

    public void AddTo(Batch batch, DateTimeOffset asOf) => batch.Add(Write).With(_writer).With(asOf);
}
