using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CsvHelper;

namespace Errand.Uploads;

/// <summary>CSV as RFC 4180 has it, with a header row: each row becomes an object of strings. One row is held at a time.</summary>
internal static class CsvItems
{
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        MaxRecordSize = UploadRules.ItemMax,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
    };

    public static async ValueTask CopyAsync(Stream sent, ItemFile items, CancellationToken cancellationToken)
    {
        await using var csv = CsvReader.Create(sent, Options, leaveOpen: true);
        try
        {
            await csv.ReadHeaderAsync(cancellationToken);
            var names = Names(csv);
            while (await csv.ReadAsync(cancellationToken))
            {
                Copy(csv, names, items);
                await items.DrainAsync(cancellationToken);
            }
        }
        catch (CsvFormatException e)
        {
            throw UploadRules.Wrong(Math.Max(1, e.LineNumber), e.Message);
        }
    }

    private static JsonEncodedText[] Names(CsvReader csv)
    {
        var headers = csv.Headers;
        if (headers.Count == 0) throw UploadRules.Wrong(1, "The file is empty; its first line must name the columns.");
        HashSet<string> seen = [];
        foreach (var name in headers)
        {
            if (name.Length == 0) throw UploadRules.Wrong(1, "A column has no name; name every column.");
            if (name.Contains('\uFFFD', StringComparison.Ordinal))
            {
                throw UploadRules.Wrong(1, "The header is not valid UTF-8; send the file as UTF-8.");
            }

            if (!seen.Add(name)) throw UploadRules.Wrong(1, $"Two columns are named '{name}'; give each column its own name.");
        }

        return [.. headers.Select(name => JsonEncodedText.Encode(name))];
    }

    private static void Copy(CsvReader csv, JsonEncodedText[] names, ItemFile items)
    {
        var json = items.BeginItem();
        json.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            var value = csv.GetSpan(i);
            if (!Utf8.IsValid(value))
            {
                throw UploadRules.Wrong(csv.LineNumber, $"'{names[i].Value}' is not valid UTF-8; send the file as UTF-8.");
            }

            json.WriteString(names[i], value);
        }

        json.WriteEndObject();
        items.EndItem();
    }
}
