using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// The schema, step by step. Each step names the oldest release that can still run on what it leaves behind, its <c>minReader</c>. Nodes that
/// start at once take turns by a lock of the table of migrations, which ends with the transaction.
/// </summary>
internal sealed partial class Migrations
{
    private const string Prefix = "Errand.Storage.PostgreSql.Migrations.";
    private const int TriesAtMost = 20;

    private readonly IReadOnlyList<Migration> _all;

    /// <param name="all">The steps that a release knows, in their order.</param>
    public Migrations(IReadOnlyList<Migration> all) => _all = all;

    /// <summary>The steps of this release.</summary>
    public static Migrations Own { get; } = new(
    [
        .. typeof(Migrations).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Read(name[Prefix.Length..])).OrderBy(migration => migration.Version),
    ]);

    /// <summary>The newest version that the release knows.</summary>
    public int Newest => _all[^1].Version;

    public IReadOnlyList<Migration> All => _all;

    /// <summary>Applies what is missing; returns the version in force, which may be newer than what the release knows.</summary>
    public async ValueTask<int> ApplyAsync(Database database, DateTimeOffset asOf)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await database.Hosts.OpenAsync();
                return await ApplyAsync(connection, database, asOf);
            }
            catch (PostgresException exception) when (tries < TriesAtMost && IsRace(exception.SqlState))
            {
                // CREATE … IF NOT EXISTS is not safe against another node that creates at the same time: the next look finds it there.
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                throw database.Faults.Translate(exception);
            }
        }
    }

    private async ValueTask<int> ApplyAsync(NpgsqlConnection connection, Database database, DateTimeOffset asOf)
    {
        var table = database.Schema.Place("errand.schema_migrations");
        if (await ReadAsync(connection, database, table) is not { } found)
        {
            await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {database.Schema.Quoted}");
            await RunAsync(
                connection,
                $"CREATE TABLE IF NOT EXISTS {table} (version integer PRIMARY KEY, min_reader integer NOT NULL, applied_at bigint NOT NULL)");
            found = (0, 0);
        }

        Refuse(found, database);
        if (found.Version >= Newest) return found.Version;
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await RunAsync(connection, $"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        found = await ReadAsync(connection, database, table) ?? (0, 0);
        Refuse(found, database);
        foreach (var migration in _all.Where(migration => migration.Version > found.Version))
        {
            await RunAsync(connection, database.Schema.Place(migration.Text));
            await RunAsync(connection, string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO {table} VALUES ({migration.Version}, {migration.MinReader}, {asOf.UtcTicks})"));
        }

        await transaction.CommitAsync(CancellationToken.None);
        return Math.Max(found.Version, Newest);
    }

    private void Refuse((int Version, int MinReader) found, Database database)
    {
        if (found.MinReader <= Newest) return;
        throw new StorageException(
            StorageFault.TooNew,
            $"The schema {database.Schema.Quoted} on {database.Server} has version {found.Version}, which needs a release that knows version "
            + $"{found.MinReader}; this one knows {Newest}. Run the newer release.");
    }

    private static async ValueTask<(int Version, int MinReader)?> ReadAsync(NpgsqlConnection connection, Database database, string table)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        if (await exists.ExecuteScalarAsync(CancellationToken.None) is not true) return null;
        await using var read = new NpgsqlCommand($"SELECT coalesce(max(version), 0), coalesce(max(min_reader), 0) FROM {table}", connection);
        await using var reader = await read.ExecuteReaderAsync(CancellationToken.None);
        await reader.ReadAsync(CancellationToken.None);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    private static async ValueTask RunAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static bool IsRace(string state) => state
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateObject;

    private static Migration Read(string file) => Migration.Of(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), Sql.ReadFile("Migrations", file));

    /// <summary>A step.</summary>
    /// <param name="Version">Its number.</param>
    /// <param name="MinReader">The oldest version that a release must know to run on what the step leaves behind.</param>
    /// <param name="Text">What it does.</param>
    public sealed partial record Migration(int Version, int MinReader, string Text)
    {
        public static Migration Of(int version, string text)
        {
            var header = Header().Match(text);
            if (!header.Success) throw new InvalidOperationException($"Migration {version} does not begin with '-- minReader: N'.");
            return new Migration(version, int.Parse(header.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), text);
        }

        [GeneratedRegex(@"\A-- minReader: (?<version>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Header();
    }
}
