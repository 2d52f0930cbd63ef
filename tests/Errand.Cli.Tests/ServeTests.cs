namespace Errand.Cli.Tests;

/// <summary>Starting and stopping: whatever is wrong is one sentence with its fix.</summary>
public sealed class ServeTests(TestServer server) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task It_says_where_it_listens_and_ends_with_0()
    {
        await using var served = await Served.StartAsync("serve", "--quiet", "--data", _scratch.Folder("data"));
        var ran = await served.StopAsync();
        Assert.Equal(0, ran.Code);
        Assert.Equal($"Listening on {served.Url.GetLeftPart(UriPartial.Authority)}", Assert.Single(ran.Lines));
    }

    [Fact]
    public async Task Every_mistake_of_the_configuration_is_told_at_once_with_its_path_and_the_fix()
    {
        var config = _scratch.File(
            "errand.json",
            """
            {
              "storage": { "provider": "sqlight" },
              "typs": {},
              "worker": { "slots": 0 },
              "types": {
                "report.export": { "handler": "http", "url": "nowhere", "maxAtempts": 3 },
                "Totals": { "handler": "command", "command": "python3 totals.py" },
                "lost": { }
              },
              "queues": { "bulk": { "rate": "fast" } },
              "clients": [ { "id": "ci" } ]
            }
            """);
        var ran = await Ran.Async(["serve", "--config", config, "--data", _scratch.Folder("data")]);
        Assert.Equal(2, ran.Code);
        foreach (string[] mistake in new[]
        {
            (string[])["storage.provider", "sqlite"],
            ["typs", "Did you mean 'types'?"],
            ["worker.slots", "from 1 to 10000"],
            ["types[\"report.export\"].url", "nowhere"],
            ["types[\"report.export\"].maxAtempts", "Did you mean 'maxAttempts'?"],
            ["types.Totals", "small letters"],
            ["types.Totals.command", "[\"python3\", \"totals.py\"]"],
            ["types.lost.handler", "is missing"],
            ["queues.bulk.rate", "\"50/s\""],
            ["clients[0].secretHash", "errand hash --random"],
        })
        {
            Assert.Contains(ran.Error.Split('\n'), line => mistake.All(part => line.Contains(part, StringComparison.Ordinal)));
        }

        Assert.False(Directory.Exists(_scratch.Folder("data")));
    }

    [Theory]
    [InlineData("{ \"types\": ", "is not JSON")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{ \"urls\": \"http://a:1\", \"urls\": \"http://b:2\" }", "urls")]
    public async Task A_configuration_that_is_no_object_is_refused(string content, string reason)
    {
        var ran = await Ran.Async(["serve", "--config", _scratch.File("errand.json", content), "--data", _scratch.Folder("data")]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(reason, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_is_not_there_is_refused() =>
        Assert.Equal(2, (await Ran.Async(["serve", "--config", _scratch.Folder("nowhere.json"), "--data", _scratch.Folder("data")])).Code);

    [Theory]
    [InlineData("https://127.0.0.1:5230", "proxy")]
    [InlineData("localhost:5230", "Write it as")]
    public async Task An_address_that_cannot_be_listened_on_is_refused(string url, string reason)
    {
        var ran = await Ran.Async(["serve", "--urls", url, "--data", _scratch.Folder("data")]);
        Assert.Equal(2, ran.Code);
        Assert.Contains(reason, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_6_and_the_sentence_names_the_way_out()
    {
        var ran = await Ran.Async(["serve", "--quiet", "--urls", server.Url, "--data", _scratch.Folder("data")]);
        Assert.Equal(6, ran.Code);
        Assert.Contains("already in use", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--urls http://127.0.0.1:0", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_another_server_owns_is_6_and_named()
    {
        var ran = await Ran.Async(["serve", "--quiet", "--urls", "http://127.0.0.1:0", "--data", server.Data]);
        Assert.Equal(6, ran.Code);
        Assert.Contains(server.Data, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(_scratch.Folder("data"));
        var file = _scratch.File("data/errand.db", "somebody's letter, and not a database at all");
        var ran = await Ran.Async(["serve", "--quiet", "--urls", "http://127.0.0.1:0", "--data", _scratch.Folder("data")]);
        Assert.Equal(1, ran.Code);
        Assert.Contains("errand.db", ran.Error, StringComparison.Ordinal);
        Assert.StartsWith("somebody's letter", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limits_of_queues_are_those_of_the_configuration()
    {
        var config = _scratch.File("errand.json", """{ "queues": { "bulk": { "concurrency": 3, "rate": "120/m" } } }""");
        var data = _scratch.Folder("data");
        await using var served = await Served.StartAsync("serve", "--quiet", "--data", data, "--config", config);
        var token = (await Ran.Async(["token", "create", "--subject", "x", "--data", data, "-o", "id"])).Out.Trim();
        var bulk = (await Ran.Async(["queue", "list", "--url", served.Url.ToString(), "--token", token, "-o", "json"])).Json
            .EnumerateArray().Single(queue => queue.GetProperty("name").GetString() == "bulk");
        Assert.Equal(3, bulk.GetProperty("maxConcurrency").GetInt32());
        Assert.Equal(2, bulk.GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task A_server_that_only_this_machine_reaches_answers_only_to_its_names()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Url}/livez") { Headers = { Host = "evil.example" } };
        using var answer = await client.SendAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_about_the_API_loads_nothing_from_elsewhere()
    {
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var answer = await client.GetAsync(new Uri("/docs/", UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("scalar.js", page, StringComparison.Ordinal);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }
}
