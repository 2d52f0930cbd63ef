using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.AspNetCore.Tests;

/// <summary>Short words for what the tests say over HTTP.</summary>
internal static class HttpTalk
{
    public static Task<HttpResponseMessage> SayAsync(
        this HttpClient client, string method, string path, string? json = null, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static Task<HttpResponseMessage> FetchAsync(this HttpClient client, string path, params (string Name, string Value)[] headers) =>
        client.SayAsync("GET", path, headers: headers);

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json, params (string Name, string Value)[] headers) =>
        client.SayAsync("POST", path, json, headers: headers);

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync()) ?? throw new InvalidOperationException("null");

    public static async Task<JsonNode> JsonAsync(this Task<HttpResponseMessage> response, HttpStatusCode expected)
    {
        var answer = await response;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode} instead of {(int)expected}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The problem of a refusal, after checking what every problem has.</summary>
    public static async Task<JsonNode> ProblemAsync(this Task<HttpResponseMessage> response, int status, string code)
    {
        var answer = await response;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(code, problem.Text("code"));
        Assert.Equal(status, (int)problem["status"]!);
        Assert.StartsWith("urn:uuid:", problem.Text("instance"), StringComparison.Ordinal);
        Assert.Equal(32, problem.Text("traceId").Length);
        return problem;
    }

    /// <summary>Submits a job and gives its id.</summary>
    public static async Task<string> SubmitAsync(this HttpClient client, string json, params (string Name, string Value)[] headers) =>
        (await client.PostAsync("jobs", json, headers).JsonAsync(HttpStatusCode.Accepted)).Text("id");

    /// <summary>Submits a job and waits for its end.</summary>
    public static async Task<JsonNode> RunAsync(this HttpClient client, string json)
    {
        var job = await client.PostAsync("jobs", json, ("Prefer", "wait=20")).JsonAsync(HttpStatusCode.OK);
        Assert.True((bool)job["done"]!);
        return job;
    }

    public static string Text(this JsonNode node, string name) => node[name]?.GetValueKind() is JsonValueKind.String ? (string)node[name]! : "";

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
