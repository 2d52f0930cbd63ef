using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Operations of the document.</summary>
internal sealed partial class ApiOperations(ApiSchemas schemas)
{
    /// <summary>Refusals that any route may give, by the order in which they are decided.</summary>
    private static readonly (int Status, string Name, string Description)[] Common =
    [
        (400, "BadRequest", "The request cannot be understood; errors tell which fields."),
        (401, "Unauthenticated", "No valid credentials."),
        (403, "Forbidden", "A scope is missing."),
        (406, "NotAcceptable", "Accept excludes what can be had."),
        (413, "TooLarge", "Too many bytes."),
        (415, "UnsupportedMediaType", "Another media type is expected."),
        (429, "TooMany", "A limit is reached."),
        (500, "Internal", "Something broke here."),
        (503, "Unavailable", "The store is out of reach, or the server shuts down."),
    ];

    private static readonly Dictionary<string, string> HeaderWords = new(StringComparer.Ordinal)
    {
        ["Operation-Location"] = "The job: answers 200 as long as it is there.",
        ["Location"] = "What was made; of a job its result, which answers 202 until it is there.",
        ["Content-Location"] = "What the body shows.",
        ["Operation-Id"] = "The job's id.",
        ["Retry-After"] = "Seconds after which asking again makes sense.",
        ["ETag"] = "Changes with every change; strong.",
        ["Sunset"] = "When the finished job will be removed.",
        ["Preference-Applied"] = "What was honoured of Prefer.",
        ["Idempotency-Replayed"] = "true: accepted before.",
        ["Unique-Key-Conflict"] = "reused: a live job had the unique key.",
        ["Link"] = "rel=next: the next page.",
        ["Accept-Ranges"] = "bytes.",
        ["Content-Range"] = "The range that is sent.",
        ["Repr-Digest"] = "SHA-256 of the whole (RFC 9530).",
        ["Content-Disposition"] = "attachment, with the file's name.",
    };

    public JsonObject Make(ApiRoute route)
    {
        var operation = new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = route.Summary,
            ["tags"] = new JsonArray(route.Tag),
            ["parameters"] = new JsonArray([.. PathParameters(route), .. Parameters(route.Query, "query"), .. Parameters(route.Headers, "header")]),
            ["security"] = route.Scope is { } scope ? new JsonArray(new JsonObject { ["token"] = new JsonArray(scope) }) : new JsonArray(),
        };
        if (route.Body is { } body) operation["requestBody"] = RequestBody(route, body);
        operation["responses"] = Responses(route);
        return operation;
    }

    public static JsonObject HeaderComponents() => new(HeaderWords.Select(h => KeyValuePair.Create<string, JsonNode?>(
        h.Key, new JsonObject { ["description"] = h.Value, ["schema"] = new JsonObject { ["type"] = "string" } })));

    public JsonObject ProblemComponents() => new(Common.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Name, Problem(c.Description))));

    private JsonObject Responses(ApiRoute route)
    {
        var responses = new JsonObject();
        foreach (var reply in route.Replies.OrderBy(r => r.Status)) responses[reply.Status.ToString()] = Response(route, reply);
        foreach (var (status, name, _) in Common)
        {
            if (route.Scope is null && status is 401 or 403) continue;
            if (route.Body is null && status is 413 or 415) continue;
            if (route.Produces.Count == 0 && status is 406) continue;
            responses[status.ToString()] ??= new JsonObject { ["$ref"] = $"#/components/responses/{name}" };
        }

        return responses;
    }

    private JsonObject Response(ApiRoute route, ApiReply reply)
    {
        if (reply.Status >= 400) return Problem(reply.Description);
        var response = new JsonObject { ["description"] = reply.Description };
        if (reply.Headers.Length > 0)
        {
            response["headers"] = new JsonObject(reply.Headers.Select(h => KeyValuePair.Create<string, JsonNode?>(
                h, new JsonObject { ["$ref"] = $"#/components/headers/{h}" })));
        }

        if (reply.Body is not { } body) return response;
        IReadOnlyList<string> types = reply.MediaType is { } own ? [own] : route.Produces.Count > 0 ? route.Produces : [MediaTypes.Json];
        response["content"] = new JsonObject(types.Select(t => KeyValuePair.Create<string, JsonNode?>(t, Content(t, body))));
        return response;
    }

    private JsonObject RequestBody(ApiRoute route, Type body) => new()
    {
        ["required"] = !route.BodyOptional,
        ["content"] = new JsonObject(route.Consumes.Select(t => KeyValuePair.Create<string, JsonNode?>(t, Content(t, body)))),
    };

    private JsonObject Content(string mediaType, Type body)
    {
        if (body == typeof(byte[])) return [];
        var isJson = mediaType.EndsWith("json", StringComparison.Ordinal) && mediaType != MediaTypes.Ndjson;
        return new JsonObject { ["schema"] = isJson ? schemas.Of(body) : new JsonObject { ["type"] = "string" } };
    }

    private JsonObject Problem(string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { [ProblemWriter.ContentType] = new JsonObject { ["schema"] = schemas.Of(typeof(ProblemResource)) } },
    };

    private static IEnumerable<JsonNode> Parameters(IEnumerable<ApiParameter> parameters, string place) =>
        parameters.Select(p => p.IsPrefix ? Family(p) : new JsonObject
        {
            ["name"] = p.Name,
            ["in"] = place,
            ["description"] = p.Description,
            ["required"] = p.Name == SessionCalls.LeaseHeader,
            ["schema"] = new JsonObject { ["type"] = p.Type },
        });

    // A family of names has no place in OpenAPI but as an exploded object.
    private static JsonObject Family(ApiParameter parameter) => new()
    {
        ["name"] = parameter.Name + "NAME",
        ["in"] = "query",
        ["description"] = parameter.Description,
        ["style"] = "form",
        ["explode"] = true,
        ["schema"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
    };

    private static IEnumerable<JsonNode> PathParameters(ApiRoute route) => PathPart().Matches(route.Pattern).Select(m => new JsonObject
    {
        ["name"] = m.Groups["name"].Value,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = m.Groups["name"].Value == "id" ? new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-f]{32}$" } : new JsonObject { ["type"] = "string" },
    });

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPart();
}
