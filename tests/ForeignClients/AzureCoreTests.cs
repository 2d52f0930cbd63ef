using System.ClientModel.Primitives;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Errand.ForeignClients.Tests;

/// <summary>
/// The operation of NuGet's Azure.Core, made anew from a token as a process does that lost its own, in both of its modes: polling Operation-Location and then fetching Location, and polling Location
/// alone.
/// </summary>
public sealed class AzureCoreTests
{
    [Theory]
    [InlineData("v1/jobs", """{"type":"answer.find"}""", "OperationLocation", """{"answer":42}""")]
    [InlineData("v1/jobs", """{"type":"answer.find"}""", "Location", """{"answer":42}""")]
    [InlineData("answers", """{"text":"six by nine"}""", "OperationLocation", """{"value":42}""")]
    [InlineData("answers", """{"text":"six by nine"}""", "Location", """{"value":42}""")]
    public async Task Polls_to_the_end_and_fetches_the_result(string path, string body, string mode, string result)
    {
        await using var server = await ForeignServer.StartAsync();
        var operation = await BeginAsync(server, path, body, mode);
        Assert.False(operation.HasCompleted);

        var response = await operation.WaitForCompletionResponseAsync();

        Assert.True(operation.HasCompleted);
        Assert.Equal((200, result), (response.Status, response.Content.ToString()));
    }

    [Theory]
    [InlineData("v1/jobs", """{"type":"answer.miss"}""", "OperationLocation", "no_answer")]
    [InlineData("v1/jobs", """{"type":"answer.miss"}""", "Location", null)]
    [InlineData("answers", """{"text":"?"}""", "OperationLocation", "handler_rejected")]
    [InlineData("answers", """{"text":"?"}""", "Location", null)]
    public async Task Throws_the_error_of_a_failed_job(string path, string body, string mode, string? code)
    {
        await using var server = await ForeignServer.StartAsync();
        var operation = await BeginAsync(server, path, body, mode);

        var error = await Assert.ThrowsAsync<RequestFailedException>(async () => await operation.WaitForCompletionResponseAsync());

        if (code is not null) Assert.Equal(code, error.ErrorCode);
        Assert.Contains("There is no answer to that.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throws_when_the_job_was_canceled()
    {
        await using var server = await ForeignServer.StartAsync();
        var operation = await BeginAsync(server, "v1/jobs", """{"type":"answer.never"}""", "OperationLocation");
        using var client = server.Client();
        using var canceled = await client.PostAsync(new Uri($"v1/jobs/{operation.Id}/cancel", UriKind.Relative), null);
        Assert.True(canceled.IsSuccessStatusCode);

        var error = await Assert.ThrowsAsync<RequestFailedException>(async () => await operation.WaitForCompletionResponseAsync());
        Assert.Equal("canceled", error.ErrorCode);
    }

    private static async Task<Operation> BeginAsync(ForeignServer server, string path, string body, string mode)
    {
        using var client = server.Client();
        using var accepted = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), JsonNode.Parse(body));
        Assert.Equal(202, (int)accepted.StatusCode);
        var (status, location) = (accepted.Headers.GetValues("Operation-Location").Single(), accepted.Headers.Location!.ToString());
        var token = new JsonObject
        {
            ["version"] = "1.0.0",
            ["id"] = status.Split('/')[^1],
            ["requestMethod"] = "POST",
            ["initialUri"] = new Uri(server.Address, path).ToString(),
            ["nextRequestUri"] = mode == "Location" ? location : status,
            ["headerSource"] = mode,
            ["lastKnownLocation"] = location,
            ["finalStateVia"] = "Location",
        };
        var pipeline = HttpPipelineBuilder.Build(new Options(), new Bearer(server.Token));
        return await Operation.RehydrateAsync(pipeline, ModelReaderWriter.Read<RehydrationToken>(BinaryData.FromString(token.ToJsonString())));
    }

    private sealed class Options : ClientOptions;

    // The library's own policy for bearer tokens refuses http, which is right outside of a test.
    private sealed class Bearer(string token) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue("Authorization", $"Bearer {token}");
    }
}
