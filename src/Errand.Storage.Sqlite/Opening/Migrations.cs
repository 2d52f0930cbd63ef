using System.Globalization;
using System.Text.RegularExpressions;
using SQLitePCL;

namespace Errand.Storage.Sqlite;

/// <summary>
/// The schema, step by step. Each step names the oldest release that can still run on what it leaves behind, its <c>minReader</c>.
/// </summary>
internal static partial class Migrations
{
    /// <summary>Marks a database as Errand's.</summary>
    public const long ApplicationId = 0x45525244;

    private const string Prefix = "Errand.Storage.Sqlite.Migrations.";

    private static readonly IReadOnlyList<Migration> All =
    [
        .. typeof(Migrations).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Read(name[Prefix.Length..])).OrderBy(migration => migration.Version),
    ];

    /// <summary>The newest version that this build knows.</summary>
    public static int Newest => All[^1].Version;

    /// <summary>Applies what is missing; returns the version in force, which may be newer than what this build knows.</summary>
    /// <exception cref="StorageException">The file is of another program, or too new.</exception>
    public static int Apply(Connection db, string file, DateTimeOffset asOf)
    {
        RefuseForeign(db, file);
        db.Execute(
            $"""
             PRAGMA application_id = {ApplicationId};
             CREATE TABLE IF NOT EXISTS schema_migrations (
                 version INTEGER PRIMARY KEY, min_reader INTEGER NOT NULL, applied_at INTEGER NOT NULL) STRICT;
             """);
        var version = CheckVersion(db, file);
        foreach (var migration in All.Where(migration => migration.Version > version)) Apply(db, migration, asOf);
        return Math.Max(version, Newest);
    }

    /// <summary>The version in force of a store that another process owns; 0 while it has none.</summary>
    public static int CheckVersion(Connection db, string file)
    {
        if (db.ReadNumber("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'") == 0) return 0;
        var minReader = db.ReadNumber("SELECT coalesce(max(min_reader), 0) FROM schema_migrations");
        var version = (int)db.ReadNumber("SELECT coalesce(max(version), 0) FROM schema_migrations");
        if (minReader <= Newest) return version;
        throw new StorageException(
            StorageFault.TooNew,
            $"The database {file} has schema {version}, which needs a release that knows schema {minReader}; this one knows {Newest}. "
            + "Run the newer release.");
    }

    private static void RefuseForeign(Connection db, string file)
    {
        if (db.ReadNumber("PRAGMA application_id") == ApplicationId || db.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0) return;
        throw new StorageException(
            StorageFault.Corrupt, $"The database {file} belongs to another program. Name another data folder, or move the file away.");
    }

    private static void Apply(Connection db, Migration migration, DateTimeOffset asOf)
    {
        db.Execute("BEGIN IMMEDIATE");
        try
        {
            db.Execute(Sql.ReadFile("Migrations", migration.File));
            db.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO schema_migrations VALUES ({migration.Version}, {migration.MinReader}, {asOf.UtcTicks})"));
            db.Execute("COMMIT");
        }
        catch
        {
            if (db.InTransaction) db.Execute("ROLLBACK");
            throw;
        }
    }

    private static Migration Read(string file)
    {
        var header = MinReader().Match(Sql.ReadFile("Migrations", file));
        if (!header.Success) throw new InvalidOperationException($"Migrations/{file} does not begin with '-- minReader: N'.");
        var version = int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return new Migration(version, int.Parse(header.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), file);
    }

    [GeneratedRegex(@"\A-- minReader: (?<version>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MinReader();

    private sealed record Migration(int Version, int MinReader, string File);
}
