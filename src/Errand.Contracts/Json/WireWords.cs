using System.Text.Json;
using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>The wire words of the enums: the names with a small first letter, nothing else.</summary>
public static class WireWords
{
    /// <summary>Every word of an enum.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Table<T>.Words;

    /// <summary>The word of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Table<T>.Words[Array.IndexOf(Table<T>.Values, value)];

    /// <summary>Reads a word; upper case and unknown words are refused.</summary>
    public static bool TryParse<T>(string? word, out T value)
        where T : struct, Enum
    {
        var at = Array.IndexOf(Table<T>.Words, word);
        value = at < 0 ? default : Table<T>.Values[at];
        return at >= 0;
    }

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly T[] Values = Enum.GetValues<T>();
        public static readonly string[] Words = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
    }
}

/// <summary>Reads exact words only.</summary>
internal sealed class WireWordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && WireWords.TryParse<T>(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"One of these words is expected: {string.Join(", ", WireWords.All<T>())}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(WireWords.Of(value));
}

/// <summary>A later server may know more words; a client that does not know one must take the job as still in progress.</summary>
internal sealed class JobStatusConverter : JsonConverter<JobStatus>
{
    public override JobStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        WireWords.TryParse<JobStatus>(reader.GetString(), out var value) ? value : JobStatus.Running;

    public override void Write(Utf8JsonWriter writer, JobStatus value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word());
}
