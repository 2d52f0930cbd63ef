using Errand.Dialects.Alteryx;

namespace Errand.Testing.Tests;

/// <summary>What only Alteryx Server's wire can say.</summary>
public sealed class AlteryxTests
{
    [Fact]
    public async Task A_job_is_queued_in_the_first_answer_and_has_messages_and_outputs_at_its_end()
    {
        await using var alteryx = await FakeVendor.StartAlteryxAsync();
        using var caller = new Caller(alteryx);
        alteryx.Script("at once complete, message warning \"3 rows skipped\", output totals.csv \"region,total\"");
        var begun = await caller.TryStartAsync();
        Assert.Equal(("Queued", "None"), (begun.Body.GetProperty("status").GetString(), begun.Body.GetProperty("disposition").GetString()));
        var job = $"v3/jobs/{begun.Body.GetProperty("id").GetString()}";
        var ended = (await caller.GetAsync(job)).Body;
        Assert.Equal((2, "3 rows skipped"), (ended.GetProperty("messages")[0].GetProperty("status").GetInt32(), ended.GetProperty("messages")[0].GetProperty("text").GetString()));
        var output = ended.GetProperty("outputs")[0];
        Assert.Equal("totals.csv", output.GetProperty("fileName").GetString());
        Assert.Equal("region,total", await caller.Http.GetStringAsync($"v1/jobs/{begun.Body.GetProperty("id").GetString()}/output/{output.GetProperty("id").GetString()}?format=Csv"));
    }

    [Fact]
    public async Task Doubled_slashes_and_other_letters_count_as_the_same_poll()
    {
        await using var alteryx = await FakeVendor.StartAlteryxAsync();
        using var caller = new Caller(alteryx);
        alteryx.Script("after 2 polls complete");
        var job = (await caller.StartAsync())["v3/jobs/".Length..];
        var words = new[] { await caller.PollAsync($"/webapi//v3/jobs/{job}/"), await caller.PollAsync($"/WebApi/V3/Jobs/{job}"), await caller.PollAsync($"v3/jobs/{job}?includeMessages=false") };
        Assert.Equal(["Running", "Running", "Completed/Success"], words);
    }

    [Fact]
    public async Task Workflows_are_those_that_were_named_and_nothing_else()
    {
        await using var alteryx = await FakeVendor.StartAlteryxAsync(new FakeVendorOptions
        {
            Workflows =
            [
                new AlteryxWorkflow { WorkflowId = "67c41e559be2d1000043a6c0", Name = "Running totals", Questions = [new AlteryxQuestion("Region")] },
                new AlteryxWorkflow { WorkflowId = "67c41e559be2d1000043a6c1", Name = "Close" },
            ],
        });
        using var caller = new Caller(alteryx);
        Assert.Equal("Close", (await caller.GetAsync("v3/workflows/67c41e559be2d1000043a6c1")).Body.GetProperty("name").GetString());
        Assert.Equal("Region", (await caller.GetAsync("v3/workflows/67c41e559be2d1000043a6c0/questions")).Body[0].GetProperty("name").GetString());
        Assert.Equal(404, (await caller.TryStartAsync()).Status);
    }
}
