using Npgsql;

namespace Errand.Cli.Torturing;

/// <summary>Removes from a database that was there before what a run has put there.</summary>
internal static class PostgreSqlSchemas
{
    public static async Task DropAsync(string connection, string schema, CancellationToken cancellationToken)
    {
        await using var database = new NpgsqlConnection(connection);
        await database.OpenAsync(cancellationToken);
        // The name is ours, made of letters, digits and '_'.
        await using var drop = new NpgsqlCommand($"drop schema if exists \"{schema}\" cascade", database);
        await drop.ExecuteNonQueryAsync(cancellationToken);
    }
}
