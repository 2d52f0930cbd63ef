using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// The OpenAPI 3.1 document, made from the same table as the routes. Written by hand rather than by reflection over handlers: the routes are request delegates, whose signatures say
/// nothing, and the document must also be made by a trimmed executable.
/// </summary>
internal sealed class ApiDocument(ErrandApi api)
{
    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Jobs"] = "Submit jobs, read them, change them.",
        ["Bulk"] = "Do something to every job that matches a filter.",
        ["Results"] = "What a job gave, and what it was given.",
        ["Contents"] = "What a job reported: items, messages, files.",
        ["Events"] = "Follow jobs as they change, by server-sent events.",
        ["Queues"] = "Where workers take jobs from.",
        ["Schedules"] = "What makes jobs by the clock.",
        ["Types"] = "What can be submitted.",
        ["Stats"] = "Counts.",
        ["Uploads"] = "Files of items for batch jobs.",
        ["Workers"] = "The protocol of workers in other processes: open a session, claim, report, beat, settle.",
        ["Problems"] = "What refusals mean.",
    };

    private (string Base, byte[] Json)? latest;

    public async Task AnswerAsync(HttpContext http)
    {
        var urls = new ApiUrlSource(api.Prefix, api.Options).For(http.Request);
        var made = latest;
        if (made is null || made.Value.Base != urls.Base) latest = made = (urls.Base, Write(urls.Base));
        var json = made.Value.Json;
        http.Response.ContentType = MediaTypes.Json;
        http.Response.ContentLength = json.Length;
        http.Response.Headers.CacheControl = "public, max-age=300";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    public JsonObject Make(string server)
    {
        var schemas = new ApiSchemas();
        var operations = new ApiOperations(schemas);
        var paths = new JsonObject();
        foreach (var route in NativeApi.Routes.Where(r => !r.Hidden))
        {
            var path = $"{api.Prefix}/{route.Pattern}";
            if (paths[path] is not JsonObject item) paths[path] = item = new JsonObject();
            item[route.MethodList[0].ToLowerInvariant()] = operations.Make(route);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Errand",
                ["version"] = "1",
                ["description"] = "Durable jobs after 202 Accepted: submit, follow, fetch the result. Times are RFC 3339 in UTC, durations ISO 8601, errors RFC 9457. GET routes answer HEAD too.",
                ["license"] = new JsonObject { ["name"] = "Apache 2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server }),
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. NativeApi.Routes.Select(r => r.Tag).Distinct(StringComparer.Ordinal).Select(t => new JsonObject { ["name"] = t, ["description"] = Tags[t] })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = $"An access token, errand_{{id}}_{{secret}}. Scopes: {string.Join(", ", ErrandScopes.All)}.",
                    },
                },
                ["headers"] = ApiOperations.HeaderComponents(),
                ["responses"] = operations.ProblemComponents(),
                ["schemas"] = schemas.Components,
            },
        };
    }

    private byte[] Write(string server)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = BodyBuffer.WriterOptions.Encoder })) Make(server).WriteTo(writer);
        return stream.ToArray();
    }
}
