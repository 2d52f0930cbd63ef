using System.Net.Http.Headers;
using System.Text.Json;
using Errand.Cli.Clients;
using Errand.Cli.Identity;
using Errand.Client;
using Errand.Contracts;

namespace Errand.Cli.Fakes;

/// <summary>The scripts of a running server.</summary>
internal static class FakeServer
{
    /// <summary>Sends a request below <c>/fake</c>; a server that does not stand in for anybody has no such routes and says 404.</summary>
    public static async Task<FakeOverview> SendAsync(ClientRun run, HttpMethod method, string path, FakeScriptRequest? request, CancellationToken cancellationToken)
    {
        using var body = request is null ? null : new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, CliJsonContext.Default.FakeScriptRequest))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        using var response = await run.Client.SendAsync(method, path, body, cancellationToken: cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.IsSuccessStatusCode) return JsonSerializer.Deserialize(answer, CliJsonContext.Default.FakeOverview)!;
        throw new ErrandApiException(response.StatusCode, ProblemOf(response, answer));
    }

    private static ProblemResource ProblemOf(HttpResponseMessage response, byte[] answer)
    {
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json") return JsonSerializer.Deserialize(answer, ErrandJsonContext.Default.ProblemResource)!;
        return new ProblemResource
        {
            Status = (int)response.StatusCode,
            Title = $"The server at {response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} does not stand in for a vendor. Start one that does: errand dev --fake zendesk.",
        };
    }
}
