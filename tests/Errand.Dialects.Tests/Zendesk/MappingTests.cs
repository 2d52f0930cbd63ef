using System.Text.Json;
using Errand.Dialects.Zendesk;

namespace Errand.Dialects.Tests.Zendesk;

/// <summary>Statuses, nulls, messages and results, without a server.</summary>
public sealed class MappingTests
{
    private static readonly DateTimeOffset Now = DialectServer.Start;

    [Theory]
    [InlineData(JobState.Queued, 0, "queued", "working")]
    [InlineData(JobState.Queued, 1, "working", "working")]
    [InlineData(JobState.Running, 1, "working", "working")]
    [InlineData(JobState.Canceling, 1, "working", "working")]
    [InlineData(JobState.Succeeded, 1, "completed", "completed")]
    [InlineData(JobState.Failed, 1, "failed", "failed")]
    [InlineData(JobState.Canceled, 0, "killed", "killed")]
    public void A_status_has_the_vendors_word_and_never_falls_back(JobState state, int attempt, string today, string seed)
    {
        var head = Job(state, attempt).Head;
        Assert.Equal(today, new ZendeskMapping(new ZendeskOptions()).StatusOf(head));
        Assert.Equal(seed, new ZendeskMapping(new ZendeskOptions { SeedStrict = true }).StatusOf(head));
    }

    [Fact]
    public void A_waiting_job_has_nulls_today_and_none_in_the_form_of_2012()
    {
        var today = Show(Job(JobState.Queued, 0));
        Assert.Equal((1L, null, null, null), (today.Total, today.Progress, today.Message, (object?)today.Results));
        Assert.Equal("demo", today.JobType);

        var seed = Show(Job(JobState.Queued, 0), new ZendeskOptions { SeedStrict = true });
        Assert.Equal((1L, 0L, "", "[]", null), (seed.Total, seed.Progress, seed.Message, seed.Results.ToString(), seed.JobType));
    }

    [Theory]
    [InlineData(JobState.Succeeded, "Completed at 2026-03-02 09:15:04 +0000", "Completed at Mon Mar 02 09:15:04 +0000 2026", 1)]
    [InlineData(JobState.Failed, "Failed at 2026-03-02 09:15:04 +0000: broke", "Failed at Mon Mar 02 09:15:04 +0000 2026: broke", 0)]
    [InlineData(JobState.Canceled, "Killed at 2026-03-02 09:15:04 +0000", "Killed at Mon Mar 02 09:15:04 +0000 2026", 0)]
    public void The_message_of_an_end_tells_when(JobState state, string today, string seed, long progress)
    {
        Assert.Equal(today, Show(Job(state, 1)).Message);
        Assert.Equal(seed, Show(Job(state, 1), new ZendeskOptions { SeedStrict = true }).Message);
        Assert.Equal((1L, progress, "[]"), (Show(Job(state, 1)).Total, Show(Job(state, 1)).Progress, Show(Job(state, 1)).Results.ToString()));
    }

    [Theory]
    [InlineData("244", "update", "", """{"id":244,"action":"update","errors":"","success":true,"status":"Updated"}""")]
    [InlineData("0", "create", """{"id":245}""", """{"id":245,"index":0,"action":"create","errors":"","success":true,"status":"Created"}""")]
    [InlineData("0", "update", "", """{"index":0,"action":"update","errors":"","success":true,"status":"Updated"}""")]
    [InlineData("inv-7", "delete", "", """{"index":0,"action":"delete","errors":"","success":true,"status":"Deleted"}""")]
    [InlineData("9", null, """{"title":"Printer on fire","status":"Seen","errors":[1],"extra":1}""", """{"title":"Printer on fire","id":9,"errors":"","success":true,"status":"Seen"}""")]
    public void An_element_that_went_well_has_the_shape_of_its_action(string key, string? action, string result, string expected) =>
        Assert.Equal(expected, Json(ZendeskItems.Of(ZendeskServers.Done(0, key, result), action)));

    [Fact]
    public void An_element_that_failed_says_why_in_strings()
    {
        Assert.Equal(
            """{"id":255,"action":"update","errors":"No such ticket","error":"TicketNotFound","details":"No such ticket","success":false,"status":"Failed"}""",
            Json(ZendeskItems.Of(ZendeskServers.Failed(3, "255", "TicketNotFound", "No such ticket"), "update")));
        Assert.Equal(
            """{"index":0,"action":"create","errors":"Description: cannot be blank","error":"TicketCreateFailed","details":"Description: cannot be blank","success":false,"status":"Failed"}""",
            Json(ZendeskItems.Of(ZendeskServers.Failed(0, "0", "TicketCreateFailed", "Description: cannot be blank"), "create")));
    }

    [Fact]
    public void A_finished_job_is_gone_a_day_after_its_creation_but_not_within_an_hour_of_its_end()
    {
        var mapping = new ZendeskMapping(new ZendeskOptions());
        var head = Job(JobState.Succeeded, 1).Head;
        Assert.False(mapping.IsGone(head, Now.AddHours(24).AddTicks(-1)));
        Assert.True(mapping.IsGone(head, Now.AddHours(24)));
        Assert.False(mapping.IsGone(head with { FinishedAt = Now.AddHours(30) }, Now.AddHours(30).AddMinutes(59)));
        Assert.True(mapping.IsGone(head with { FinishedAt = Now.AddHours(30) }, Now.AddHours(31)));
        Assert.False(mapping.IsGone(Job(JobState.Running, 1).Head, Now.AddDays(40)));
    }

    [Fact]
    public void A_cursor_comes_back_as_it_was_and_nothing_else_is_one()
    {
        foreach (var cursor in new[] { new ZendeskCursor(false, null, 7), new ZendeskCursor(true, Now, long.MaxValue) })
        {
            Assert.True(ZendeskCursor.TryParse(cursor.ToString(), out var back));
            Assert.Equal(cursor, back);
        }

        foreach (var text in new[] { "", "x", "%%%", "AAAA", new string('A', 200), "__________________8" }) Assert.False(ZendeskCursor.TryParse(text, out _));
    }

    private static Job Job(JobState state, int attempt) => new()
    {
        Head = new JobHead
        {
            Tenant = "acme",
            Id = JobId.Parse("8b726e606741012ffc2d782bcb7848fe"),
            Type = "demo",
            Queue = "default",
            Owner = "ada",
            State = state,
            Attempt = attempt,
            CreatedAt = Now,
            FinishedAt = state.IsTerminal() ? Now : null,
            Error = state is JobState.Failed ? new JobError("x", "broke") : null,
        },
    };

    private static ZendeskJobStatus Show(Job job, ZendeskOptions? options = null) => new ZendeskMapping(options ?? new ZendeskOptions()).Of(job, [], "https://errand.example");

    private static string Json(ZendeskResult result) => JsonSerializer.Serialize([result], ZendeskSparseJson.Default.ZendeskResultArray)[1..^1];
}
