using Errand.AspNetCore;

namespace Errand.OAuth.Tests;

/// <summary>How long a token holds, on two nodes that share a store.</summary>
public sealed class LifeTests : IAsyncLifetime
{
    private OAuthNode here = null!;
    private OAuthNode there = null!;
    private string secret = "";

    public async ValueTask InitializeAsync()
    {
        here = await OAuthNode.StartAsync(new OAuthNode());
        there = await here.TwinAsync();
        secret = (await here.Clients.CreateAsync(new NewClient("ci"), Stop)).Text;
    }

    public async ValueTask DisposeAsync()
    {
        await there.DisposeAsync();
        await here.DisposeAsync();
    }

    [Fact]
    public async Task A_token_ends_when_it_said_and_not_before()
    {
        var token = await here.TokenAsync("ci", secret);

        here.Time.Advance(TimeSpan.FromSeconds(598));
        Assert.Equal(200, await here.StatusAsync(token));
        Assert.Equal(200, await there.StatusAsync(token));
        here.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await here.StatusAsync(token));
        Assert.Equal(401, await there.StatusAsync(token));
        await using var third = await here.TwinAsync();
        Assert.Equal(401, await third.StatusAsync(token));
    }

    [Fact]
    public async Task Another_node_and_a_restarted_one_take_it()
    {
        var token = await here.TokenAsync("ci", secret);
        Assert.Equal(200, await there.StatusAsync(token));

        await here.DisposeAsync();
        await using var restarted = await there.TwinAsync();
        Assert.Equal(200, await restarted.StatusAsync(token));
        Assert.Equal(200, await there.StatusAsync(await restarted.TokenAsync("ci", secret)));
    }

    [Fact]
    public async Task A_revoked_client_is_refused_at_once_here_and_within_a_second_there()
    {
        var token = await here.TokenAsync("ci", secret);
        Assert.Equal(200, await there.StatusAsync(token));

        Assert.True(await here.Clients.RevokeAsync("ci", Stop));

        Assert.Equal(401, await here.StatusAsync(token));
        here.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await there.StatusAsync(token));
        Assert.Equal(401, (await there.AskAsync("/oauth2/token", OAuthNode.Form("ci", secret))).Status);
    }

    [Fact]
    public async Task During_the_overlap_both_secrets_give_tokens_and_those_given_before_hold()
    {
        var before = await here.TokenAsync("ci", secret);
        var next = (await here.Clients.RotateAsync("ci", TimeSpan.FromMinutes(5), Stop))!.Text;

        Assert.Equal(200, await here.StatusAsync(await here.TokenAsync("ci", secret)));
        Assert.Equal(200, await here.StatusAsync(await here.TokenAsync("ci", next)));
        here.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(401, (await here.AskAsync("/oauth2/token", OAuthNode.Form("ci", secret))).Status);
        Assert.Equal(200, await here.StatusAsync(before));
        Assert.Equal(200, await here.StatusAsync(await here.TokenAsync("ci", next)));
    }

    [Fact]
    public async Task A_rotation_without_overlap_ends_every_token_given_before()
    {
        var before = await here.TokenAsync("ci", secret);
        Assert.Equal(200, await there.StatusAsync(before));

        var next = (await here.Clients.RotateAsync("ci", TimeSpan.Zero, Stop))!.Text;
        here.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(401, await here.StatusAsync(before));
        Assert.Equal(401, await there.StatusAsync(before));
        Assert.Equal(200, await there.StatusAsync(await there.TokenAsync("ci", next)));
    }

    [Fact]
    public async Task What_one_node_has_just_changed_the_other_need_not_be_told_first()
    {
        Assert.Equal(200, await there.StatusAsync(await here.TokenAsync("ci", secret)));
        Assert.Equal(401, (await there.AskAsync("/oauth2/token", OAuthNode.Form("fresh", "x"))).Status);

        var next = (await here.Clients.RotateAsync("ci", TimeSpan.Zero, Stop))!.Text;
        var fresh = (await here.Clients.CreateAsync(new NewClient("fresh"), Stop)).Text;

        Assert.Equal(200, await there.StatusAsync(await here.TokenAsync("ci", next)));
        Assert.Equal(200, await there.StatusAsync(await there.TokenAsync("fresh", fresh)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(999)]
    public async Task A_token_that_is_given_within_a_second_holds_as_long_as_one_given_on_it(int milliseconds)
    {
        here.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var (_, body) = await here.AskAsync("/oauth2/token", OAuthNode.Form("ci", secret));

        Assert.Equal(599, (int)body["expires_in"]!);
        here.Time.Advance(TimeSpan.FromSeconds(599) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(200, await here.StatusAsync((string)body["access_token"]!));
        here.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await here.StatusAsync((string)body["access_token"]!));
    }

    [Fact]
    public async Task Another_hash_in_the_configuration_ends_the_tokens_of_the_one_before()
    {
        await using var first = await OAuthNode.StartAsync(new OAuthNode { Storage = here.Storage, Time = here.Time, Identity = Named("one") });
        var token = await first.TokenAsync("named", "one");
        await using var second = await OAuthNode.StartAsync(new OAuthNode { Storage = here.Storage, Time = here.Time, Identity = Named("two") });

        Assert.Equal(200, await first.StatusAsync(token));
        Assert.Equal(401, await second.StatusAsync(token));
        Assert.Equal(200, await second.StatusAsync(await second.TokenAsync("named", "two")));

        static Action<ErrandIdentityOptions> Named(string secret) => identity => identity.Clients.Add(new ConfiguredClient("named") { SecretHash = SecretHashes.OfRandomSecret(secret) });
    }

    [Fact]
    public async Task An_event_stream_ends_when_its_client_is_revoked()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        request.Headers.Authorization = new("Bearer", await here.TokenAsync("ci", secret));
        using var response = await here.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(200, (int)response.StatusCode);
        var whole = response.Content.ReadAsStringAsync(Stop);

        Assert.True(await here.Clients.RevokeAsync("ci", Stop));
        // The stream asks at each heartbeat.
        while (!whole.IsCompleted)
        {
            here.Time.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(whole, Task.Run(() => here.StatusAsync("a.b.c"), Stop));
        }

        await whole;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
