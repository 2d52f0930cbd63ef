using System.Collections.Concurrent;

namespace Errand.Storage.PostgreSql;

/// <summary>The schema that the store lies in, and the statements with its name in them.</summary>
internal sealed class SchemaName(string name)
{
    private const string Written = "errand.";

    private readonly ConcurrentDictionary<Sql, string> _texts = new();
    private readonly string _prefix = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\".";

    public string Name => name;

    public string Quoted => _prefix[..^1];

    public string TextOf(Sql sql) => _texts.GetOrAdd(sql, static (one, schema) => schema.Place(one.Text), this);

    public string Place(string text) => text.Replace(Written, _prefix, StringComparison.Ordinal);
}
