using System.Net;
using Errand.AspNetCore;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>A token that one node ends is refused by every other one, which had taken it a moment before.</summary>
public sealed class RevocationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly string _schema = TestServer.NewSchema();
    private string _server = "";
    private ApiNode? _front;
    private ApiNode? _back;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.ConnectionStringAsync();
        var store = new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema };
        (_front, _back) = (await ApiNode.StartAsync(store), await ApiNode.StartAsync(store));
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is not null) await _front.DisposeAsync();
        if (_back is not null) await _back.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
    }

    [Fact]
    public async Task A_token_that_is_revoked_on_one_node_is_refused_on_the_other()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var token = await _front!.Tokens.CreateAsync(new NewToken("bea") { Scopes = ["jobs.read"] });
            var other = await _front.Tokens.CreateAsync(new NewToken("cid") { Scopes = ["jobs.read"] });
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await _front.StatusAsync(token.Text), await _back!.StatusAsync(token.Text)));

            Assert.True(await _front.Tokens.RevokeAsync(token.Stored.Id));
            var since = TimeProvider.System.GetTimestamp();

            Assert.Equal(HttpStatusCode.Unauthorized, await _front.StatusAsync(token.Text));
            while (await _back.StatusAsync(token.Text) is HttpStatusCode.OK) Assert.True(TimeProvider.System.GetElapsedTime(since) < Deadline, "the other node still takes it");
            output.WriteLine($"refused by the other node after {TimeProvider.System.GetElapsedTime(since).TotalMilliseconds:0} ms");
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await _back.StatusAsync(token.Text), await _back.StatusAsync(other.Text)));
        }
    }
}
