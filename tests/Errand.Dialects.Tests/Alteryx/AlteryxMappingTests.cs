using Errand.Dialects.Alteryx;

namespace Errand.Dialects.Tests.Alteryx;

public sealed class AlteryxMappingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(JobState.Queued, 0, "Queued", "None")]
    [InlineData(JobState.Queued, 1, "Running", "None")]
    [InlineData(JobState.Running, 1, "Running", "None")]
    [InlineData(JobState.Canceling, 1, "Running", "None")]
    [InlineData(JobState.Succeeded, 1, "Completed", "Success")]
    [InlineData(JobState.Failed, 1, "Completed", "Error")]
    [InlineData(JobState.Canceled, 0, "Cancelled", "Cancelled")]
    public void A_state_is_a_status_and_a_disposition(JobState state, int attempt, string status, string disposition)
    {
        var head = Head(state) with { Attempt = attempt };

        Assert.Equal((status, disposition), (AlteryxMapping.Status(head), AlteryxMapping.Disposition(head)));
    }

    [Theory]
    [InlineData(0, "Low")]
    [InlineData(3, "Low")]
    [InlineData(4, "Default")]
    [InlineData(5, "Default")]
    [InlineData(7, "High")]
    [InlineData(9, "Critical")]
    public void A_native_priority_has_a_word(int level, string word) =>
        Assert.Equal(word, AlteryxMapping.Priority(new Job { Head = Head(JobState.Queued) with { Priority = level } }));

    [Fact]
    public void The_word_that_was_said_holds_until_the_priority_is_changed()
    {
        var details = new JobDetails { Labels = new Dictionary<string, string> { [AlteryxMapping.PriorityLabel] = "Medium" } };
        var job = new Job { Head = Head(JobState.Queued), Details = details };

        Assert.Equal("Medium", AlteryxMapping.Priority(job));
        Assert.Equal("Critical", AlteryxMapping.Priority(job with { Head = job.Head with { Priority = 9 } }));
    }

    [Fact]
    public void A_workflow_id_has_the_shape_of_the_vendors_and_hangs_on_tenant_and_type()
    {
        var id = AlteryxMapping.WorkflowId("acme", "sales.totals");

        Assert.Matches("^[0-9a-f]{24}$", id);
        Assert.Equal(id, AlteryxMapping.WorkflowId("acme", "sales.totals"));
        Assert.NotEqual(id, AlteryxMapping.WorkflowId("globex", "sales.totals"));
    }

    [Theory]
    [InlineData(JobSeverity.Debug, 1)]
    [InlineData(JobSeverity.Info, 1)]
    [InlineData(JobSeverity.Warning, 2)]
    [InlineData(JobSeverity.Error, 3)]
    public void A_line_of_the_log_has_the_engines_number(JobSeverity severity, int status)
    {
        var line = new JobMessage { Time = Noon, Text = "x", Severity = severity };

        Assert.Equal(new MessageView(status, "x", -1), Assert.Single(AlteryxMapping.Messages(new Job { Head = Head(JobState.Running) }, [line])));
        Assert.Equal(7, AlteryxMapping.Messages(new Job { Head = Head(JobState.Running) }, [line with { Source = 7 }])[0].ToolId);
    }

    [Fact]
    public void The_end_of_a_job_is_its_last_message()
    {
        var failed = Head(JobState.Failed) with { Error = new JobError("no_data", "There is no data.", Retryable: false) };
        var ended = Head(JobState.Succeeded) with { StartedAt = Noon, FinishedAt = Noon.AddSeconds(3.24) };

        Assert.Equal(new MessageView(3, "There is no data.", -1), AlteryxMapping.Messages(new Job { Head = failed }, [])[^1]);
        Assert.Equal(new MessageView(4, "Finished in 3.2 seconds", -1), AlteryxMapping.Messages(new Job { Head = ended }, [])[^1]);
        Assert.Equal("Cancelled: too late", AlteryxMapping.Messages(new Job { Head = Head(JobState.Canceled) with { CancelReason = "too late" } }, [])[^1].Text);
        Assert.Empty(AlteryxMapping.Messages(new Job { Head = Head(JobState.Queued) }, []));
    }

    [Fact]
    public void Of_many_messages_the_gravest_and_latest_is_shown()
    {
        MessageView first = new(1, "a", -1), warned = new(2, "b", 3), again = new(2, "c", 4), ended = new(4, "d", -1);

        Assert.Equal(again, AlteryxMapping.Gravest([first, warned, again, ended]));
        Assert.Equal(ended, AlteryxMapping.Gravest([first, ended]));
        Assert.Equal(new MessageView(0, "", 0), AlteryxMapping.Gravest([]));
    }

    [Fact]
    public void Formats_have_the_vendors_words_and_raw_is_the_file_itself()
    {
        var output = new JobOutput("o", "x.csv", [Format("csv"), Format("xlsx"), Format("json")], Noon, 1);

        Assert.Equal(["Raw", "Csv", "Xlsx"], AlteryxMapping.AvailableFormats(output));
        Assert.Equal("csv", AlteryxMapping.Rendering(output, "raw")!.Format);
        Assert.Equal("xlsx", AlteryxMapping.Rendering(output, "XLSX")!.Format);
        Assert.Equal("csv", AlteryxMapping.Rendering(output, null)!.Format);
        Assert.Null(AlteryxMapping.Rendering(output, "Pdf"));
    }

    private static JobOutputFormat Format(string word) => new(word, "text/plain", 1, "", "");

    private static JobHead Head(JobState state) => new()
    {
        Tenant = "acme",
        Id = JobId.New(Noon),
        Type = "sales.totals",
        Queue = "default",
        Owner = "ada",
        CreatedAt = Noon,
        State = state,
    };
}
