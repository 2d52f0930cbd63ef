using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Errand.Cli.Tests;

/// <summary><c>errand dev --fake</c>, scripted from another shell, called by somebody who knows only the vendor.</summary>
public sealed class FakeTests
{
    private const string Tickets = """{"tickets":[{"id":1},{"id":2}]}""";

    [Fact]
    public async Task Every_vendor_is_at_one_port_with_credentials_that_let_in()
    {
        await using var served = await Served.StartAsync("dev", "--fake", "zendesk,workiva,alteryx");
        var shell = await ShellAsync(served, "ALTERYX_WORKFLOW_ID");
        Assert.Equal(200, (await SendAsync(shell["ZENDESK_TOKEN"], "PUT", shell["ZENDESK_URL"] + "/api/v2/tickets/update_many", Tickets)).Status);
        Assert.Equal(202, (await SendAsync(shell["WORKIVA_TOKEN"], "POST", shell["WORKIVA_URL"] + "/files/f/copy", "{}")).Status);
        Assert.Equal(200, (await SendAsync(shell["ALTERYX_TOKEN"], "POST", $"{shell["ALTERYX_URL"]}/v3/workflows/{shell["ALTERYX_WORKFLOW_ID"]}/jobs", "{}")).Status);
        Assert.Equal(401, (await SendAsync("made-up", "GET", shell["ZENDESK_URL"] + "/api/v2/job_statuses")).Status);
    }

    [Theory]
    [InlineData("WORKIVA", "/oauth2/token")]
    [InlineData("ALTERYX", "/oauth2/token")]
    public async Task Client_id_and_secret_give_a_token_where_the_vendor_has_it(string vendor, string address)
    {
        await using var served = await Served.StartAsync("dev", "--fake", "workiva,alteryx");
        var shell = await ShellAsync(served, "ALTERYX_WORKFLOW_ID");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = shell[vendor + "_CLIENT_ID"],
            ["client_secret"] = shell[vendor + "_CLIENT_SECRET"],
        });
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(shell[vendor + "_URL"] + address), form);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        var token = JsonElement.Parse(body).GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await SendAsync(token, "GET", $"{shell["ALTERYX_URL"]}/v3/workflows/{shell["ALTERYX_WORKFLOW_ID"]}")).Status);
    }

    [Fact]
    public async Task A_script_steers_the_next_job_is_listed_and_cleared()
    {
        await using var served = await Served.StartAsync("dev", "--fake", "zendesk");
        var shell = await ShellAsync(served, "ZENDESK_PASSWORD");
        var set = await RunAsync(shell, "fake", "script", "zendesk", "at", "once", "complete,", "items", "2", "fail", "Locked", "Ticket is closed");
        Assert.Equal(0, set.Code);
        Assert.Contains("items 2 fail Locked \"Ticket is closed\"", set.Out, StringComparison.Ordinal);
        await RunAsync(shell, "fake", "script", "zendesk", "stuck");

        var status = await FinishedAsync(shell);
        Assert.Equal("completed", status.GetProperty("status").GetString());
        Assert.Equal("Ticket is closed", status.GetProperty("results")[1].GetProperty("errors").GetString());

        var listed = (await RunAsync(shell, "fake", "list", "-o", "json")).Json;
        Assert.Equal("waiting stuck", $"{listed[0].GetProperty("state").GetString()} {listed[0].GetProperty("script").GetString()}");
        Assert.Equal(0, (await RunAsync(shell, "fake", "clear")).Code);
        Assert.Equal(0, (await RunAsync(shell, "fake", "list", "-o", "json")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_script_can_be_JSON_and_time_passes_though_nobody_looks()
    {
        await using var served = await Served.StartAsync("dev", "--fake", "workiva");
        var shell = await ShellAsync(served, "WORKIVA_CLIENT_SECRET");
        Assert.Equal(0, (await RunAsync(shell, "fake", "script", "workiva", """{ "after": "10ms", "end": "fail" }""")).Code);
        await SendAsync(shell["WORKIVA_TOKEN"], "POST", shell["WORKIVA_URL"] + "/platform/v1/files/f/copy", "{}");
        await Wait.UntilAsync(async () => (await RunAsync(shell, "list", "status:failed", "-o", "id")).Lines.Length == 1);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_the_fix()
    {
        var unknown = await Ran.Async(["dev", "--fake", "zendesc"]);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("Did you mean 'zendesk'?", unknown.Error, StringComparison.Ordinal);

        await using var served = await Served.StartAsync("dev", "--fake", "zendesk");
        var shell = await ShellAsync(served, "ZENDESK_PASSWORD");
        var wrong = await RunAsync(shell, "fake", "script", "zendesk", "after", "soon", "complete");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("'soon' is no moment", wrong.Error, StringComparison.Ordinal);
        var absent = await RunAsync(shell, "fake", "script", "workiva", "stuck");
        Assert.Equal(5, absent.Code);
        Assert.Contains("errand dev --fake workiva", absent.Error, StringComparison.Ordinal);

        // The vendor's credentials steer nothing.
        shell["ERRAND_TOKEN"] = shell["ZENDESK_TOKEN"];
        Assert.Equal(4, (await RunAsync(shell, "fake", "script", "zendesk", "stuck")).Code);
    }

    [Fact]
    public async Task A_server_that_is_itself_has_no_scripts()
    {
        await using var served = await Served.StartAsync("dev");
        var shell = await ShellAsync(served, "ERRAND_TOKEN");
        var refused = await RunAsync(shell, "fake", "list");
        Assert.Equal(5, refused.Code);
        Assert.Contains("errand dev --fake", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wire_that_the_configuration_serves_is_not_taken_over()
    {
        using var scratch = new Scratch();
        var config = scratch.File("errand.json", """{ "dialects": { "zendesk": {} } }""");
        var refused = await Ran.Async(["dev", "--fake", "zendesk", "--config", config, "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("already serves zendesk", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_is_answered_under_its_own_ids_and_a_wrong_one_is_refused_with_its_place()
    {
        using var scratch = new Scratch();
        var seed = scratch.File("seed.json", """{ "alteryx": [{ "id": "66ebd18d3d6200007e000d8c", "status": "Completed", "disposition": "Success", "createDateTime": "2024-09-19T10:02:54.589Z" }] }""");
        await using var served = await Served.StartAsync("dev", "--fake", "alteryx", "--seed", seed);
        var shell = await ShellAsync(served, "ALTERYX_WORKFLOW_ID");
        var job = (await SendAsync(shell["ALTERYX_TOKEN"], "GET", shell["ALTERYX_URL"] + "/v3/jobs/66ebd18d3d6200007e000d8c")).Body;
        Assert.Equal(("66ebd18d3d6200007e000d8c", "2024-09-19T10:02:54.589Z", "Success"), (Text("id"), Text("createDateTime"), Text("disposition")));

        var refused = await Ran.Async(["dev", "--fake", "zendesk", "--seed", seed, "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("seed.json: The seed has jobs of alteryx", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Ran.Async(["dev", "--seed", seed, "--urls", "http://127.0.0.1:0"])).Code);

        string? Text(string name) => job.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Jobs_of_a_kept_folder_go_on_after_a_restart()
    {
        using var scratch = new Scratch();
        string job;
        await using (var served = await Served.StartAsync("dev", "--fake", "workiva", "--data", scratch.Folder("kept")))
        {
            var shell = await ShellAsync(served, "WORKIVA_CLIENT_SECRET");
            await RunAsync(shell, "fake", "script", "workiva", "stuck");
            await SendAsync(shell["WORKIVA_TOKEN"], "POST", shell["WORKIVA_URL"] + "/files/f/copy", "{}");
            job = (await RunAsync(shell, "list", "-o", "id")).Out.Trim();
            Assert.Equal("started", await WordAsync(shell, job));
        }

        await using (var served = await Served.StartAsync("dev", "--fake", "workiva", "--data", scratch.Folder("kept")))
        {
            var shell = await ShellAsync(served, "WORKIVA_CLIENT_SECRET");
            Assert.Equal(["started", "completed"], new[] { await WordAsync(shell, job), await WordAsync(shell, job) });
        }

        static async Task<string?> WordAsync(Dictionary<string, string> shell, string job) =>
            (await SendAsync(shell["WORKIVA_TOKEN"], "GET", $"{shell["WORKIVA_URL"]}/operations/{job}")).Body.GetProperty("status").GetString();
    }

    private static async Task<JsonElement> FinishedAsync(Dictionary<string, string> shell)
    {
        var begun = await SendAsync(shell["ZENDESK_TOKEN"], "PUT", shell["ZENDESK_URL"] + "/api/v2/tickets/update_many.json", Tickets);
        return (await SendAsync(shell["ZENDESK_TOKEN"], "GET", begun.Body.GetProperty("job_status").GetProperty("url").GetString()!)).Body;
    }

    /// <summary>What a shell has that ran the printed lines.</summary>
    private static async Task<Dictionary<string, string>> ShellAsync(Served served, string last)
    {
        await Wait.UntilAsync(() => Task.FromResult(served.Printed.Contains(last, StringComparison.Ordinal)));
        return served.Printed.Split('\n').Where(line => line.StartsWith("export ", StringComparison.Ordinal)).Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    private static Task<Ran> RunAsync(Dictionary<string, string> shell, params string[] args) => Ran.Async(args, terminal => terminal with { Environment = shell });

    private static async Task<(int Status, JsonElement Body)> SendAsync(string token, string method, string url, string? json = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, body.Length == 0 ? default : JsonElement.Parse(body));
    }
}
