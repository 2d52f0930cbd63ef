using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore.Tests;

public sealed class BasicCredentialsTests : IAsyncLifetime
{
    private readonly ApiServer server = new()
    {
        WithWorker = false,
        ConfigureServices = services => services.Configure<ErrandIdentityOptions>(
            identity => identity.Users.Add(new ConfiguredUser("ada@example.com", SecretHashes.OfPassword("correct: horse")) { Tenant = "acme" })),
    };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_users_password_is_taken_and_a_wrong_one_refused()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync("ada@example.com", "correct: horse"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("ADA@example.com", "correct: horse"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("ada@example.com", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("bob@example.com", "correct: horse"));
    }

    [Fact]
    public async Task Ten_wrong_guesses_are_answered_and_then_even_the_right_one_is_not_tried()
    {
        for (var guess = 0; guess < 10; guess++) Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("ada@example.com", $"guess {guess}"));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("ada@example.com", "correct: horse"));
    }

    [Fact]
    public async Task A_token_after_a_name_decides_and_an_address_must_be_its_own()
    {
        var named = (await server.Tokens.CreateAsync(new NewToken("ada@example.com"))).Text;
        var robot = (await server.Tokens.CreateAsync(new NewToken("robot"))).Text;

        Assert.Equal(HttpStatusCode.OK, await AskAsync("Ada@example.com/token", named));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("bob@example.com/token", named));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("whoever@example.com/token", robot));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("whoever@example.com/token", robot + "x"));
    }

    [Fact]
    public async Task Every_mistake_about_callers_is_told_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiServer.StartAsync(new ApiServer
        {
            WithWorker = false,
            ConfigureServices = services => services.Configure<ErrandIdentityOptions>(identity =>
            {
                identity.Clients.Add(new ConfiguredClient("a b"));
                identity.Clients.Add(new ConfiguredClient("ci") { SecretHash = "hunter2" });
                identity.Clients.Add(new ConfiguredClient("ci") { Roles = ["boss"] });
                identity.Users.Add(new ConfiguredUser("x:y", "hunter2"));
                identity.Collections.Add(new ConfiguredCollection("q q"));
            }),
        }));

        Assert.Equal(6, refused.Failures.Count());
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> AskAsync(string name, string password)
    {
        var client = server.As(null);
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));
        return (await client.FetchAsync("stats", ("Authorization", $"Basic {text}"))).StatusCode;
    }
}
