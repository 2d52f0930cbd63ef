using System.Text.Json;

namespace Errand.Testing.Tests;

/// <summary>The vendors' ways to a token.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData(VendorNames.Zendesk, "oauth/tokens")]
    [InlineData(VendorNames.Workiva, "oauth2/token")]
    [InlineData(VendorNames.Workiva, "iam/v1/oauth2/token")]
    [InlineData(VendorNames.Alteryx, "oauth2/token")]
    public async Task Client_id_and_secret_give_a_token_that_lets_in_and_sees_the_same_jobs(string name, string address)
    {
        await using var vendor = await FakeVendor.StartAsync(name);
        using var caller = new Caller(vendor);
        var job = await caller.StartAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = vendor.Credentials.ClientId,
            ["client_secret"] = vendor.Credentials.ClientSecret,
        });
        using var anonymous = new HttpClient { BaseAddress = vendor.BaseAddress };
        using var answer = await anonymous.PostAsync(new Uri(address, UriKind.Relative), form);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        caller.Http.DefaultRequestHeaders.Authorization = new("Bearer", JsonElement.Parse(body).GetProperty("access_token").GetString());
        Assert.Equal(caller.Words.Working, await caller.PollAsync(job));
    }

    [Fact]
    public async Task A_wrong_secret_gives_none()
    {
        await using var workiva = await FakeVendor.StartWorkivaAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = workiva.Credentials.ClientId, ["client_secret"] = "made-up" });
        using var anonymous = new HttpClient { BaseAddress = workiva.BaseAddress };
        using var answer = await anonymous.PostAsync(new Uri("oauth2/token", UriKind.Relative), form);
        Assert.Equal(401, (int)answer.StatusCode);
    }
}
