using System.CommandLine;
using Errand.Torture;

namespace Errand.Cli.Torturing;

/// <summary>Where the jobs are kept that are tortured: <c>sqlite</c>, <c>postgresql</c>, or <c>postgresql:CONNECTION</c>.</summary>
internal sealed record StorageArgument(TortureStore Store, string? Connection)
{
    private const string Prefix = "postgresql:";

    public static StorageArgument Sqlite { get; } = new(TortureStore.Sqlite, null);

    public static Option<StorageArgument?> Option()
    {
        var option = new Option<StorageArgument?>("--storage")
        {
            Description = "sqlite (the default), postgresql for a database that is started and killed too, or postgresql:CONNECTION for one that is there",
            HelpName = "STORE",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (text == "sqlite") return Sqlite;
                if (text == "postgresql") return new StorageArgument(TortureStore.PostgreSql, null);
                if (text.StartsWith(Prefix, StringComparison.Ordinal) && text.Contains("Host=", StringComparison.OrdinalIgnoreCase)) return new StorageArgument(TortureStore.PostgreSql, text[Prefix.Length..]);
                result.AddError($"--storage takes sqlite, postgresql, or postgresql:CONNECTION as in \"postgresql:Host=db;Database=test;Username=me\", not '{text}'.");
                return null;
            },
        };
        option.CompletionSources.Add("sqlite", "postgresql");
        return option;
    }
}
