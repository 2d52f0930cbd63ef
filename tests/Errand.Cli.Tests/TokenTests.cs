namespace Errand.Cli.Tests;

public sealed class TokenTests(TestServer server) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_token_is_made_in_a_folder_that_no_server_has_seen_yet_and_its_first_server_takes_it()
    {
        var data = _scratch.Folder("data");
        var made = await Ran.Async(["token", "create", "--subject", "first", "--data", data, "-o", "id"]);
        Assert.Equal(0, made.Code);
        await using var served = await Served.StartAsync("serve", "--quiet", "--data", data);
        Assert.Equal(0, (await Ran.Async(["list", "--url", served.Url.ToString(), "--token", made.Out.Trim()])).Code);
    }

    [Fact]
    public async Task A_token_is_made_beside_a_running_server_and_works_at_once()
    {
        var token = await server.TokenAsync("beside");
        Assert.StartsWith("errand_", token, StringComparison.Ordinal);
        Assert.Equal(0, (await Ran.Async(["list", "--url", server.Url, "--token", token])).Code);
    }

    [Fact]
    public async Task The_owner_of_a_job_is_the_subject_of_the_token()
    {
        var token = await server.TokenAsync("anna", "--tenant", "acme");
        var job = (await Ran.Async(["submit", "t.idle", "--url", server.Url, "--token", token, "-o", "json"])).Json;
        Assert.Equal("anna", job.GetProperty("createdBy").GetString());
    }

    [Fact]
    public async Task A_revoked_token_is_refused_by_the_running_server()
    {
        var token = await server.TokenAsync("gone");
        Assert.Equal(0, (await Ran.Async(["list", "--url", server.Url, "--token", token])).Code);
        Assert.Equal(0, (await Ran.Async(["token", "revoke", token, "--data", server.Data])).Code);
        await Wait.UntilAsync(async () => (await Ran.Async(["list", "--url", server.Url, "--token", token])).Code == 4);
    }

    [Fact]
    public async Task Tokens_are_listed_without_their_secrets()
    {
        var token = await server.TokenAsync("listed", "--expires", "90d", "--roles", "admin");
        var ran = await Ran.Async(["token", "list", "--data", server.Data, "-o", "jsonl"]);
        var line = Assert.Single(ran.Lines, text => text.Contains("\"listed\"", StringComparison.Ordinal));
        Assert.Contains("expiresAt", line, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('_')[2], ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_with_a_slip_is_refused_with_the_one_that_was_meant()
    {
        var ran = await Ran.Async(["token", "create", "--subject", "x", "--scopes", "jobs.raed", "--data", server.Data]);
        Assert.Equal(2, ran.Code);
        Assert.Contains("Did you mean 'jobs.read'?", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_there_cannot_be_revoked() =>
        Assert.Equal(5, (await Ran.Async(["token", "revoke", "nope", "--data", server.Data])).Code);

    [Fact]
    public async Task The_configuration_names_the_database_for_the_server_the_tokens_and_the_doctor()
    {
        var data = _scratch.Folder("named");
        var config = _scratch.File("errand.json", """{ "storage": { "connection": "Data Source=other.db" } }""");
        string[] where = ["--data", data, "--config", config];
        var token = (await Ran.Async(["token", "create", "--subject", "first", .. where, "-o", "id"])).Out.Trim();
        await using var served = await Served.StartAsync(["serve", "--quiet", .. where]);
        Assert.Equal(0, (await Ran.Async(["list", "--url", served.Url.ToString(), "--token", token])).Code);
        Assert.Equal(["other.db"], Directory.GetFiles(data, "*.db").Select(Path.GetFileName));
        Assert.Contains("first", (await Ran.Async(["token", "list", .. where])).Out, StringComparison.Ordinal);

        var doctor = await Ran.Async(["doctor", .. where, "--url", served.Url.ToString(), "--token", token]);
        Assert.Equal(0, doctor.Code);
        Assert.Equal(0, (await Ran.Async(["token", "revoke", token, .. where])).Code);
        await Wait.UntilAsync(async () => (await Ran.Async(["list", "--url", served.Url.ToString(), "--token", token])).Code == 4);
        Assert.Equal(["other.db"], Directory.GetFiles(data, "*.db").Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("Data Source=/var/lib/errand/errand.db", "--data")]
    [InlineData("Data Source=../errand.db", "--data")]
    [InlineData("Data Source=errand.db;Pooling=false", "nothing else")]
    public async Task A_database_outside_the_data_folder_is_refused_with_the_fix(string connection, string fix)
    {
        var config = _scratch.File("errand.json", $$"""{ "storage": { "connection": "{{connection}}" } }""");
        var ran = await Ran.Async(["token", "create", "--subject", "x", "--data", _scratch.Folder("none"), "--config", config]);
        Assert.Equal(2, ran.Code);
        Assert.Contains("storage.connection", ran.Error, StringComparison.Ordinal);
        Assert.Contains(fix, ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scratch.Folder("none")));
    }
}
