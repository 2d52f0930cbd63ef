using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Cli.Terminals;
using Errand.Cli.Identity;
using Errand.Contracts;

namespace Errand.Cli.Rendering;

/// <summary>Prints data in the format that was asked for.</summary>
internal sealed class Printer(Terminal terminal, OutputFormat format)
{
    // A terminal is no browser: what is not ASCII is printed as it is.
    private static readonly JsonSerializerOptions Compact = new(ErrandJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(ErrandJsonContext.Default, CliJsonContext.Default),
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    public OutputFormat Format => format;

    public bool IsTable => format is OutputFormat.Table;

    public bool Screen => terminal.OutIsScreen;

    /// <summary>One thing.</summary>
    public void One<T>(T value, string? id, Action table)
        where T : notnull
    {
        switch (format)
        {
            case OutputFormat.Table: table(); break;
            case OutputFormat.Id: terminal.Out.WriteLine(id); break;
            default: terminal.Out.WriteLine(Document(value, format is OutputFormat.Json)); break;
        }
    }

    /// <summary>Things, printed as they come unless they must be aligned first.</summary>
    public async Task<int> ManyAsync<T>(IAsyncEnumerable<T> values, Func<T, string?> id, string[] headings, Func<T, Paint[]> row)
        where T : notnull
    {
        var table = new TextTable(headings);
        var count = 0;
        await foreach (var value in values)
        {
            if (format is OutputFormat.Json) terminal.Out.Write(count == 0 ? "[\n" : ",\n");
            count++;
            switch (format)
            {
                case OutputFormat.Table: table.Add(row(value)); break;
                case OutputFormat.Id: terminal.Out.WriteLine(id(value)); break;
                case OutputFormat.Json: terminal.Out.Write(Document(value, indented: false)); break;
                default: terminal.Out.WriteLine(Document(value, indented: false)); break;
            }
        }

        if (IsTable) table.Write(terminal.Out, Screen);
        if (format is OutputFormat.Json) terminal.Out.WriteLine(count == 0 ? "[]" : "\n]");
        return count;
    }

    /// <summary>One document a line, whatever the format: for streams of changes.</summary>
    public void Line<T>(T value)
        where T : notnull => terminal.Out.WriteLine(Document(value, indented: false));

    private static string Document<T>(T value, bool indented)
        where T : notnull => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)(indented ? Indented : Compact).GetTypeInfo(typeof(T)));
}
