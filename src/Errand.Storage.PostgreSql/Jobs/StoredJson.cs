using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Errand.Storage.PostgreSql;

/// <summary>What is kept as JSON within a column: small things that no query looks into.</summary>
[JsonSerializable(typeof(JobError))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<OAuthClientSecret>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public static byte[]? Write(JobError? error) =>
        error is null ? null : JsonSerializer.SerializeToUtf8Bytes(error, Default.JobError);

    public static byte[]? Write(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(labels, Default.IReadOnlyDictionaryStringString);

    public static byte[] Write(IReadOnlyList<string> words) =>
        JsonSerializer.SerializeToUtf8Bytes(words, Default.IReadOnlyListString);

    public static byte[] Write(IReadOnlyList<OAuthClientSecret> secrets) =>
        JsonSerializer.SerializeToUtf8Bytes(secrets, Default.IReadOnlyListOAuthClientSecret);

    public static IReadOnlyList<OAuthClientSecret> ReadSecrets(ReadOnlySpan<byte> json) =>
        Read(json, Default.IReadOnlyListOAuthClientSecret) ?? [];

    public static JobError? ReadError(ReadOnlySpan<byte> json) => Read(json, Default.JobError);

    public static IReadOnlyDictionary<string, string>? ReadLabels(ReadOnlySpan<byte> json) =>
        Read(json, Default.IReadOnlyDictionaryStringString);

    public static IReadOnlyList<string> ReadWords(ReadOnlySpan<byte> json) => Read(json, Default.IReadOnlyListString) ?? [];

    private static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class => json.IsEmpty ? null : JsonSerializer.Deserialize(json, type);
}
