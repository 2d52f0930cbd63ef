using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Errand.AspNetCore.Tests;

/// <summary>The answer to a claim was lost: the server holds jobs for a session whose worker does not know of them, and beats on.</summary>
public sealed class ForgottenClaimTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly ApiServer server;
    private HttpClient ada = null!;
    private string session = "";

    public ForgottenClaimTests() => server = new ApiServer { Time = time };

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        ada = server.As();
        session = (await ada.PostAsync("worker-sessions", """{"worker":"remote 1","types":["test.later"],"queues":["mine"],"slots":4}""")).Header("Location")!;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_job_that_two_beats_do_not_name_is_queued_again_as_if_never_claimed()
    {
        var (known, forgotten) = (await ClaimNewAsync(), await ClaimNewAsync());

        await BeatAsync(known.Lease);
        await BeatAsync(known.Lease);
        Assert.Equal("running", await StatusAsync(forgotten.Id));
        time.Advance(TimeSpan.FromSeconds(1));
        await BeatAsync(known.Lease);

        Assert.Equal("running", await StatusAsync(known.Id));
        Assert.Equal("queued", await StatusAsync(forgotten.Id));
        var again = await ClaimAsync();
        Assert.Equal((forgotten.Id, 1), (again["job"]!.Text("id"), (int)again["job"]!["attempt"]!));
        Assert.NotEqual(forgotten.Lease, again.Text("lease"));
        await ada.PostAsync($"{session}/messages", $$"""{"lease":"{{forgotten.Lease}}","messages":[{"text":"late"}]}""").ProblemAsync(409, "lease_lost");
    }

    [Fact]
    public async Task Beats_that_do_not_name_all_release_nothing()
    {
        var (known, other) = (await ClaimNewAsync(), await ClaimNewAsync());

        for (var beat = 0; beat < 4; beat++)
        {
            await ada.PostAsync($"{session}/beat", $$"""{"leases":[{"lease":"{{known.Lease}}"}]}""").JsonAsync(HttpStatusCode.OK);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("running", await StatusAsync(other.Id));
    }

    [Fact]
    public async Task A_job_that_is_named_in_time_is_kept()
    {
        var late = await ClaimNewAsync();

        for (var beat = 0; beat < 3; beat++)
        {
            await BeatAsync();
            time.Advance(TimeSpan.FromSeconds(1));
            await BeatAsync(late.Lease);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("running", await StatusAsync(late.Id));
    }

    [Fact]
    public async Task A_forgotten_job_that_is_asked_to_stop_is_canceled()
    {
        var forgotten = await ClaimNewAsync();
        await ada.SayAsync("POST", $"jobs/{forgotten.Id}/cancel").JsonAsync(HttpStatusCode.Accepted);

        await BeatAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await BeatAsync();

        Assert.Equal("canceled", await StatusAsync(forgotten.Id));
    }

    private async Task<(string Id, string Lease)> ClaimNewAsync()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later","queue":"mine"}""");
        var claimed = await ClaimAsync();
        Assert.Equal(id, claimed["job"]!.Text("id"));
        return (id, claimed.Text("lease"));
    }

    private async Task<JsonNode> ClaimAsync() => (await ada.PostAsync($"{session}/claim", "{}").JsonAsync(HttpStatusCode.OK))["jobs"]![0]!;

    private async Task BeatAsync(params string[] leases)
    {
        var named = string.Join(',', leases.Select(lease => $$"""{"lease":"{{lease}}"}"""));
        var answer = await ada.PostAsync($"{session}/beat", $$"""{"all":true,"leases":[{{named}}]}""").JsonAsync(HttpStatusCode.OK);
        Assert.Empty(answer["lost"]!.AsArray());
    }

    private async Task<string> StatusAsync(string id) => (await ada.FetchAsync($"jobs/{id}").JsonAsync(HttpStatusCode.OK)).Text("status");
}
