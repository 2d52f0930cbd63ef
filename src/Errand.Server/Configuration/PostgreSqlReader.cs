using System.Data.Common;
using System.Text.RegularExpressions;
using Errand.Storage.PostgreSql;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>storage</c> where its provider is <c>postgresql</c>.</summary>
internal static partial class PostgreSqlReader
{
    private const string Example = "\"Host=db1,db2;Database=errand;Username=errand;Password=…\"";

    public static StorageConfig Read(ConfigSection section)
    {
        var options = new PostgreSqlStorageOptions
        {
            RequireSynchronousReplication = section.Flag("requireSynchronousReplication") ?? false,
            Pooler = section.Flag("pooler") ?? false,
        };
        if (section.Text("connection") is not { } connection) section.Fail("connection", $"is missing: name the database, as {Example}");
        else if (IsConnection(connection)) options.ConnectionString = connection;
        else section.Fail("connection", $"is no connection string of PostgreSQL, as {Example}");
        if (section.Text("schema") is { } schema)
        {
            if (Name().IsMatch(schema)) options.Schema = schema;
            else section.Fail("schema", $"\"{schema}\" must be a name of small letters, digits and '_', beginning with a letter, of at most 63");
        }

        if (section.Text("outputs") is { } outputs)
        {
            if (Path.IsPathFullyQualified(outputs)) options.OutputFolder = outputs;
            else section.Fail("outputs", $"\"{outputs}\" must be the whole path of a folder that every node has mounted, as \"/mnt/errand-outputs\"");
        }

        section.Close();
        return new StorageConfig { PostgreSql = options };
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text }.ContainsKey("Host");
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
