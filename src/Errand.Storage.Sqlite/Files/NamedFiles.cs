namespace Errand.Storage.Sqlite;

/// <summary>Tells which files belong to a job or an upload.</summary>
internal sealed class NamedFiles(Database database)
{
    private static readonly Sql IsNamed = Sql.Of("files", "is_named");

    public ValueTask<IReadOnlySet<string>> OfAsync(IReadOnlyList<string> locations, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlySet<string>>(
            db => locations.Where(location => db.First(IsNamed, find => find.Bind(location), row => row.Bool())).ToHashSet(), cancellationToken);
}
