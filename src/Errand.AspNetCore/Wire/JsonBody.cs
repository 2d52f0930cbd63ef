using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Reads the body of a request whole, within the limit, and binds it strictly.</summary>
internal static class JsonBody
{
    /// <summary>How deep a document may nest.</summary>
    public const int DepthMax = 32;

    /// <summary>The wire types, read with a limit on nesting.</summary>
    public static readonly ErrandJsonContext Strict = new(new JsonSerializerOptions(ErrandJsonContext.Default.Options) { MaxDepth = DepthMax });

    /// <summary>The bytes of the body.</summary>
    public static async ValueTask<byte[]> ReadAsync(ApiCall call)
    {
        var max = call.Route.LimitOf(call.Api.Options);
        var reader = call.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(call.Aborted);
            if (read.Buffer.Length > max) throw new ApiProblemException(Failures.TooLarge(max));
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return WithoutMark(body);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The body as a wire type.</summary>
    public static async ValueTask<T> ReadAsync<T>(ApiCall call, JsonTypeInfo<T> type)
        where T : class => Bind(await ReadAsync(call), type);

    /// <summary>Binds a body. What is wrong is told with a pointer, in words that do not show our classes.</summary>
    public static T Bind<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        if (body.Length == 0) throw Invalid("#", "A JSON object is expected; the body is empty.");
        if (!Utf8.IsValid(body)) throw Invalid("#", "The body is not valid UTF-8.");
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Invalid("#", "A JSON object is expected, not null.");
        }
        catch (JsonException e)
        {
            throw new ApiProblemException(Failures.Missing(JsonMistake.Explain(e, type)));
        }
    }

    private static ApiProblemException Invalid(string pointer, string detail) => new(ApiProblem.Invalid(pointer, detail));

    private static byte[] WithoutMark(byte[] body) => body is [0xEF, 0xBB, 0xBF, ..] ? body[3..] : body;
}
