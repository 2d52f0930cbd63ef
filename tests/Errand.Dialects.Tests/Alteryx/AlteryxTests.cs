using System.Net;
using System.Text;
using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Dialects.Tests.Alteryx;

public sealed class AlteryxTests
{
    private const string Run = "webapi/v3/workflows/" + AlteryxHost.WorkflowId + "/jobs";

    [Fact]
    public async Task The_whole_loop_of_a_client()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada", roles: ["curator"]));
        server.Transcript.Note("A client looks the workflow up, and what it asks");
        await ada.ReadAsync($"webapi/v3/workflows/{AlteryxHost.WorkflowId}");
        await ada.ReadAsync($"webapi/v3/workflows/{AlteryxHost.WorkflowId}/questions");
        server.Transcript.Note("It runs the workflow: 200, Queued");
        var made = await ada.RunAsync(AlteryxHost.WorkflowId, """{"priority":"Default","questions":[{"name":"Month","value":"2026-03"}]}""");
        Assert.Equal("Queued", (string?)made["status"]);
        var id = (string)made["id"]!;

        var claimed = await server.Hand.ClaimAsync(AlteryxHost.Totals);
        Assert.Equal("""{"Region":"eu","Month":"2026-03"}""", Encoding.UTF8.GetString(claimed.Input.Json.Span));
        server.Transcript.Note("It polls");
        Assert.Equal("Running", (string?)(await ada.ReadAsync($"webapi/v3/jobs/{id}"))["status"]);
        await server.Hand.SayAsync(claimed, new JobMessage { Time = server.Time.GetUtcNow(), Text = "Started running totals.yxwz", Attempt = 1 });
        await server.Hand.PublishAsync(claimed, "67c41f119be2d1000043a801", "totals.csv", "region,total\neu,42\n", ("csv", "text/csv"), ("xlsx", "application/vnd.ms-excel"));
        server.Time.Advance(TimeSpan.FromSeconds(3.2));
        await server.Hand.SucceedAsync(claimed);
        server.Transcript.Note("The job is over: its messages, and its file");
        Assert.Equal("Success", (string?)(await ada.ReadAsync($"webapi/v3/jobs/{id}?includeMessages=true"))["disposition"]);
        await ada.ReadAsync($"webapi/v3/jobs/{id}/messages");
        Assert.Equal("region,total\neu,42\n", await ada.GetStringAsync(new Uri($"webapi/v1/jobs/{id}/output/67c41f119be2d1000043a801?format=Csv", UriKind.Relative)));
        server.Transcript.Verify("alteryx", "loop");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?includeMessages", true)]
    [InlineData("?includeMessages=", true)]
    [InlineData("?includeMessages=TRUE", true)]
    [InlineData("?includemessages=False", false)]
    [InlineData("?includeMessages=false", false)]
    public async Task Messages_are_included_unless_told_otherwise(string query, bool included)
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        var job = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Totals });

        var body = await ada.ReadAsync($"webapi/v3/jobs/{job.Head.Id}{query}");

        Assert.Equal(included, body.AsObject().ContainsKey("messages"));
        Assert.Equal("[]", body["outputs"]!.ToJsonString());
    }

    [Fact]
    public async Task Statuses_and_dispositions()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        async Task<string> SayAsync(string id, string what)
        {
            server.Transcript.Note(what);
            var body = await ada.ReadAsync($"webapi/v3/jobs/{id}?includeMessages=false");
            return $"{body["status"]}/{body["disposition"]}";
        }

        var id = (string)(await ada.RunAsync(AlteryxHost.WorkflowId, null))["id"]!;
        server.Transcript.Clear();
        Assert.Equal("Queued/None", await SayAsync(id, "Waits"));
        var claimed = await server.Hand.ClaimAsync(AlteryxHost.Totals);
        Assert.Equal("Running/None", await SayAsync(id, "Runs"));
        await server.Hand.SettleAsync(claimed, new JobOutcome.Failed(new JobError("broken", "It broke.", Retryable: true)));
        Assert.Equal("Running/None", await SayAsync(id, "Waits for its next attempt: a status never falls back"));
        server.Time.Advance(TimeSpan.FromHours(1));
        await server.Hand.FailAsync(await server.Hand.ClaimAsync(AlteryxHost.Totals), "no_data", "There is no data for March.");
        Assert.Equal("Completed/Error", await SayAsync(id, "Failed: completed all the same"));
        var canceled = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Totals });
        await server.JobsOf("ada").CancelAsync(canceled.Head.Id, "no longer needed");
        Assert.Equal("Cancelled/Cancelled", await SayAsync(canceled.Head.Id.ToString(), "Canceled through the native API"));
        server.Transcript.Verify("alteryx", "statuses");
    }

    [Fact]
    public async Task Messages_are_for_curators_only()
    {
        await using var server = await AlteryxHost.StartAsync();
        var job = await AlteryxHost.FinishedAsync(server);
        var path = $"webapi/v3/jobs/{job.Head.Id}/messages";

        server.Transcript.Note("A Curator: the gravest message");
        var body = await server.Bearer(await server.TokenAsync("carl", roles: ["curator"])).ReadAsync(path);
        Assert.Equal("""{"status":2,"text":"3 records were dropped","toolId":7}""", body.ToJsonString());
        server.Transcript.Note("Anyone else, the owner included");
        await server.Bearer(await server.TokenAsync("ada")).ReadAsync(path, HttpStatusCode.Unauthorized);
        server.Transcript.Note("A Curator, of an unknown job");
        await server.Bearer(await server.TokenAsync("carl", roles: ["curator"])).ReadAsync("webapi/v3/jobs/66ebd18d3d6200007e000d8c/messages", HttpStatusCode.NotFound);
        server.Transcript.Verify("alteryx", "messages");

        await using var list = await AlteryxHost.StartAsync(messagesAsArray: true);
        var other = await AlteryxHost.FinishedAsync(list);
        var all = await list.Bearer(await list.TokenAsync("carl", roles: ["curator"])).ReadAsync($"webapi/v3/jobs/{other.Head.Id}/messages");
        Assert.Equal([1, 2, 4], all.AsArray().Select(one => (int)one!["status"]!));
        Assert.Equal("Finished in 3.2 seconds", (string?)all[2]!["text"]);
    }

    [Fact]
    public async Task A_job_is_seen_by_who_ran_it_by_members_of_its_collection_and_by_curators()
    {
        await using var server = await AlteryxHost.StartAsync();
        var schedules = server.Services.GetRequiredService<IJobClients>().SchedulesFor(new JobCaller("acme", "ada"));
        await schedules.CreateAsync("shared", Daily("finance"));
        await schedules.CreateAsync("own", Daily());
        var jobs = new Dictionary<string, Job>
        {
            ["by hand"] = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Totals }),
            ["shared schedule"] = await schedules.RunAsync("shared"),
            ["other schedule"] = await schedules.RunAsync("own"),
            ["shared type"] = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Shared }),
            ["no app"] = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Hidden }),
        };
        var people = new Dictionary<string, HttpClient>
        {
            ["ada"] = server.Bearer(await server.TokenAsync("ada")),
            ["bob"] = server.Bearer(await server.TokenAsync("bob")),
            ["cem"] = server.Bearer(await server.TokenAsync("cem")),
            ["curator"] = server.Bearer(await server.TokenAsync("dora", roles: ["curator"])),
            ["eli"] = server.Bearer(await server.TokenAsync("eli")),
            ["fay"] = server.Bearer(await server.TokenAsync("fay")),
            ["stranger"] = server.Bearer(await server.TokenAsync("ada", "globex", roles: ["curator"])),
        };

        var seen = new List<string>();
        foreach (var (who, client) in people)
        {
            foreach (var (what, job) in jobs)
            {
                using var answer = await client.GetAsync(new Uri($"webapi/v3/jobs/{job.Head.Id}", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK) seen.Add($"{who}: {what}");
                else Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            }
        }

        Assert.Equal(
            [
                "ada: by hand", "ada: shared schedule", "ada: other schedule", "ada: shared type",
                "bob: shared schedule", "bob: shared type",
                "curator: by hand", "curator: shared schedule", "curator: other schedule", "curator: shared type",
                // Of collections that name a type, or a schedule, which names no collection itself.
                "eli: by hand", "eli: shared schedule", "eli: other schedule",
                "fay: other schedule",
            ],
            seen);
        Assert.Equal([jobs["shared schedule"].Head.Id.ToString()], Ids(await people["bob"].ReadAsync(Run)));
        Assert.Equal(3, (await people["curator"].ReadAsync(Run)).AsArray().Count);
        Assert.Empty((await people["cem"].ReadAsync(Run)).AsArray());
        Assert.Equal(3, (await people["eli"].ReadAsync(Run)).AsArray().Count);
        Assert.Equal([jobs["other schedule"].Head.Id.ToString()], Ids(await people["fay"].ReadAsync(Run)));
        await people["cem"].ReadAsync($"webapi/v3/workflows/{AlteryxHost.Shared}", HttpStatusCode.NotFound);
        await people["bob"].ReadAsync($"webapi/v3/workflows/{AlteryxHost.Shared}");
        await people["ada"].ReadAsync($"webapi/v3/workflows/{AlteryxHost.Hidden}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Foreign_and_unknown_answer_alike()
    {
        await using var server = await AlteryxHost.StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Totals });
        var cem = server.Bearer(await server.TokenAsync("cem"));

        server.Transcript.Note("Someone else's job");
        var foreign = await cem.ReadAsync($"webapi/v3/jobs/{job.Head.Id}", HttpStatusCode.NotFound);
        server.Transcript.Note("No job at all");
        var unknown = await cem.ReadAsync("webapi/v3/jobs/66ebd18d3d6200007e000d8c", HttpStatusCode.NotFound);
        Assert.Equal(unknown.ToJsonString(), foreign.ToJsonString());
        server.Transcript.Note("Without credentials");
        await server.Client().ReadAsync($"webapi/v3/jobs/{job.Head.Id}", HttpStatusCode.Unauthorized);
        await server.Client().ReadAsync(Run, HttpStatusCode.Unauthorized);
        await server.Client().RunAsync(AlteryxHost.WorkflowId, "{}", HttpStatusCode.Unauthorized);
        server.Transcript.Note("No such workflow");
        await cem.ReadAsync("webapi/v3/workflows/66ebd18d3d6200007e000d8c/jobs", HttpStatusCode.NotFound);
        await cem.RunAsync("66ebd18d3d6200007e000d8c", "{}", HttpStatusCode.NotFound);
        server.Transcript.Note("A method that the vendor does not have");
        using (var deleted = await cem.DeleteAsync(new Uri($"webapi/v3/jobs/{job.Head.Id}", UriKind.Relative))) Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode);
        server.Transcript.Note("A route that there is not");
        await cem.ReadAsync("webapi/v3/jobs", HttpStatusCode.NotFound);
        server.Transcript.Verify("alteryx", "refusals");
    }

    [Theory]
    [InlineData("webapi//v3/jobs/{0}")]
    [InlineData("webapi/v3/jobs/{0}/")]
    [InlineData("WebApi/V3/Jobs/{0}")]
    [InlineData("webapi/v3//jobs//{0}")]
    public async Task Paths_are_taken_as_the_vendors_server_takes_them(string path)
    {
        await using var server = await AlteryxHost.StartAsync();
        var job = await server.SubmitAsync(new JobSubmission { Type = AlteryxHost.Totals });

        var body = await server.Bearer(await server.TokenAsync("ada")).ReadAsync(string.Format(null, path, job.Head.Id));

        Assert.Equal(job.Head.Id.ToString(), (string?)body["id"]);
    }

    [Theory]
    [InlineData("""{"priority":"Urgent"}""", "contract.priority")]
    [InlineData("""{"priority":5}""", "contract.priority")]
    [InlineData("""{"workerTag":"ü"}""", "contract.workerTag")]
    [InlineData("""{"credentialId":7}""", "contract.credentialId")]
    [InlineData("""{"questions":{}}""", "contract.questions")]
    [InlineData("""{"questions":[{"value":"x"}]}""", "contract.questions[0].name")]
    [InlineData("""{"questions":[{"name":"Regoin","value":"eu"}]}""", "contract.questions[0].name")]
    [InlineData("""{"questions":[{"name":"Region","value":"mars"}]}""", "contract.questions[0].value")]
    [InlineData("""{"priority":"Low",}""", "contract")]
    [InlineData("[]", "contract")]
    public async Task A_mistake_in_the_contract_names_its_field_and_runs_nothing(string contract, string field)
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));

        var body = await ada.RunAsync(AlteryxHost.WorkflowId, contract, HttpStatusCode.BadRequest);

        Assert.Equal("The request is invalid.", (string?)body["message"]);
        Assert.Equal([field], body["modelState"]!.AsObject().Select(member => member.Key));
        Assert.Empty((await ada.ReadAsync(Run)).AsArray());
    }

    [Fact]
    public async Task What_clients_send_without_meaning_it_is_taken()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada", roles: ["viewer"]));

        foreach (var contract in (string?[])[null, "", "{}", "null", """{"workerTag": ""}""", """{"priority":"Default"}""", """{"priority":"default","questions":null,"other":1}"""])
        {
            var body = await ada.RunAsync(AlteryxHost.WorkflowId, contract);
            Assert.Equal(("Queued", "Default", ""), ((string?)body["status"], (string?)body["priority"], (string?)body["workerTag"]));
        }
    }

    [Theory]
    [InlineData("Low", 2)]
    [InlineData("Medium", 5)]
    [InlineData("High", 7)]
    [InlineData("Critical", 9)]
    public async Task Priorities_are_kept(string priority, int level)
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));

        var body = await ada.RunAsync(AlteryxHost.WorkflowId, $$"""{"priority":"{{priority}}"}""");

        Assert.Equal(priority, (string?)(await ada.ReadAsync($"webapi/v3/jobs/{body["id"]}"))["priority"]);
        Assert.Equal(level, (await server.Hand.ClaimAsync(AlteryxHost.Totals)).Head.Priority);
    }

    [Fact]
    public async Task A_viewer_cannot_put_a_job_before_others()
    {
        await using var server = await AlteryxHost.StartAsync();
        var viewer = server.Bearer(await server.TokenAsync("vera", roles: ["viewer"]));
        server.Transcript.Note("A Viewer asks for a priority");

        await viewer.RunAsync(AlteryxHost.WorkflowId, """{"priority":"Critical"}""", HttpStatusCode.Forbidden);
        server.Transcript.Note("A contract with two mistakes");
        await viewer.RunAsync(AlteryxHost.WorkflowId, """{"priority":"Urgent","questions":[{"name":"Regoin","value":"eu"}]}""", HttpStatusCode.BadRequest);
        server.Transcript.Verify("alteryx", "contract");
    }

    [Fact]
    public async Task A_tagged_job_goes_only_to_a_worker_with_its_tag()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        var body = await ada.RunAsync(AlteryxHost.WorkflowId, """{"workerTag":"Big Memory"}""");
        Assert.Equal("Big Memory", (string?)body["workerTag"]);

        Assert.Empty(await ClaimAsync(server));
        Assert.Empty(await ClaimAsync(server, "tag.gpu", "*"));
        Assert.Equal((string?)body["id"], Assert.Single(await ClaimAsync(server, "*", "tag.big-memory")).Head.Id.ToString());
        Assert.Equal("Big Memory", (string?)(await ada.ReadAsync($"webapi/v3/jobs/{body["id"]}"))["workerTag"]);
    }

    [Fact]
    public async Task Jobs_are_listed_sorted_filtered_and_in_windows()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        List<string> ids = [];
        foreach (var priority in (string[])["Low", "Critical", "High", "Default"])
        {
            ids.Add((string)(await ada.RunAsync(AlteryxHost.WorkflowId, $$"""{"priority":"{{priority}}"}"""))["id"]!);
            server.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await server.Hand.SucceedAsync(await server.Hand.ClaimAsync(AlteryxHost.Totals));
        await server.Hand.FailAsync(await server.Hand.ClaimAsync(AlteryxHost.Totals), "no_data", "There is none.");
        async Task<IEnumerable<int>> ListAsync(string query) => Ids(await ada.ReadAsync($"{Run}{query}")).Select(id => ids.IndexOf(id));

        Assert.Equal([3, 2, 1, 0], await ListAsync(""));
        Assert.Equal([0, 1, 2, 3], await ListAsync("?sortField=createDate&direction=asc"));
        Assert.Equal([2, 1], await ListAsync("?offset=1&limit=2"));
        Assert.Equal([1, 2, 3, 0], await ListAsync("?sortField=priority&direction=desc"));
        Assert.Equal([2, 1], await ListAsync("?status=Completed"));
        Assert.Equal([2], await ListAsync("?resultCode=Error"));
        Assert.Equal([1], await ListAsync("?resultCode=Success&status=Complete"));
        Assert.Empty(await ListAsync("?offset=9"));
        server.Transcript.Clear();
        server.Transcript.Note("The jobs of a workflow, two of them");
        await ada.ReadAsync($"{Run}?sortField=createDate&direction=desc&offset=0&limit=2");
        server.Transcript.Note("Parameters that cannot be");
        var body = await ada.ReadAsync($"{Run}?sortField=colour&direction=up&limit=-1", HttpStatusCode.BadRequest);
        Assert.Equal(["direction", "sortField", "limit"], body["modelState"]!.AsObject().Select(member => member.Key));
        server.Transcript.Verify("alteryx", "list");
    }

    [Fact]
    public async Task Outputs_are_fetched_by_the_vendors_formats_under_v1_and_v3()
    {
        await using var server = await AlteryxHost.StartAsync();
        var ada = server.Bearer(await server.TokenAsync("ada"));
        var job = await AlteryxHost.FinishedAsync(server);
        var path = $"jobs/{job.Head.Id}/output/67c41f119be2d1000043a801";

        foreach (var each in (string[])[$"webapi/v1/{path}?format=Raw", $"webapi/v3/{path}?format=csv", $"webapi/v1/{path}/?format=Xlsx", $"webapi/v3/{path}"])
        {
            Assert.Equal("region,total\neu,42\n", await ada.GetStringAsync(new Uri(each, UriKind.Relative)));
        }

        server.Transcript.Clear();
        server.Transcript.Note("The file itself, where the vendor's v1 has it");
        await ada.GetStringAsync(new Uri($"webapi/v1/{path}?format=Raw", UriKind.Relative));
        server.Transcript.Note("A format that the output does not have");
        await ada.ReadAsync($"webapi/v1/{path}?format=Pdf", HttpStatusCode.BadRequest);
        server.Transcript.Note("No such output");
        await ada.ReadAsync($"webapi/v1/jobs/{job.Head.Id}/output/none?format=Raw", HttpStatusCode.NotFound);
        server.Transcript.Note("Somebody else");
        await server.Bearer(await server.TokenAsync("cem")).ReadAsync($"webapi/v1/{path}?format=Raw", HttpStatusCode.NotFound);
        server.Transcript.Verify("alteryx", "outputs");
    }

    private static ScheduleDefinition Daily(params string[] collections) => new()
    {
        Cron = "0 2 * * *",
        Collections = collections,
        Job = new JobSubmission { Type = AlteryxHost.Totals },
    };

    private static IEnumerable<string> Ids(System.Text.Json.Nodes.JsonNode list) => list.AsArray().Select(one => (string)one!["id"]!);

    private static async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(DialectServer server, params string[] queues)
    {
        var source = server.Services.GetRequiredService<Work.IJobSource>();
        var session = await source.OpenAsync(new Work.SessionRequest("tagged", [AlteryxHost.Totals], queues, 1), server.Hand, CancellationToken.None);
        return await source.ClaimAsync(session.Id, [new Work.QueueDemand("*", 1)], CancellationToken.None);
    }
}
