using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Errand.AspNetCore;

/// <summary>
/// The stored input of an endpoint's job: one member per bound parameter, by its name, and the sealed snapshot of the caller. Jobs of the
/// type that come by the native API have the same members and no snapshot.
/// </summary>
internal static class EndpointJobInput
{
    public const string CallerMember = "$caller";

    /// <summary>The bound arguments.</summary>
    public static byte[] Arguments(EndpointJobPlan plan, IList<object?> arguments) => Write(json => WriteArguments(json, plan, arguments));

    /// <summary>The bound arguments with the snapshot.</summary>
    public static byte[] WithCaller(EndpointJobPlan plan, IList<object?> arguments, string sealedCaller) => Write(json =>
    {
        WriteArguments(json, plan, arguments);
        json.WriteString(CallerMember, sealedCaller);
    });

    /// <summary>Every argument that is stored, and the snapshot's text; the others are left null.</summary>
    /// <exception cref="JsonException">The input does not fit the parameters.</exception>
    public static (object?[] Arguments, string? Caller) Read(EndpointJobPlan plan, ReadOnlyMemory<byte> input)
    {
        using var document = JsonDocument.Parse(input.IsEmpty ? "{}"u8.ToArray() : input);
        if (document.RootElement.ValueKind is not JsonValueKind.Object) throw new JsonException("An object with one member per parameter is expected.");
        var arguments = new object?[plan.Parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = plan.Parameters[i];
            if (parameter.Json is null) continue;
            arguments[i] = document.RootElement.TryGetProperty(parameter.Name, out var value) ? value.Deserialize(parameter.Json) : parameter.Default;
            if (arguments[i] is null && parameter.Json.Type.IsValueType && Nullable.GetUnderlyingType(parameter.Json.Type) is null)
                throw new JsonException($"The member '{parameter.Name}' is missing.");
        }

        return (arguments, document.RootElement.TryGetProperty(CallerMember, out var caller) ? caller.GetString() : null);
    }

    /// <summary>
    /// What a snapshot is bound to: it cannot be moved to a job with other arguments, of another owner or of another type. Made from what is stored and from the name that the job has, so that a later
    /// build may order its parameters anew, take more of them, and know the type by another name.
    /// </summary>
    public static string Purpose(string type, string tenant, string owner, ReadOnlyMemory<byte> input) =>
        $"caller\n{type}\n{tenant}\n{owner}\n{Convert.ToHexStringLower(SHA256.HashData(WithoutCaller(input)))}";

    private static byte[] WithoutCaller(ReadOnlyMemory<byte> input)
    {
        using var document = JsonDocument.Parse(input);
        return Write(json =>
        {
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!member.NameEquals(CallerMember)) member.WriteTo(json);
            }
        });
    }

    private static void WriteArguments(Utf8JsonWriter json, EndpointJobPlan plan, IList<object?> arguments)
    {
        for (var i = 0; i < plan.Parameters.Count; i++)
        {
            if (plan.Parameters[i] is not { Json: { } type, Name: var name } || arguments[i] is not { } value) continue;
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, type);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
