namespace Errand.Tests;

public sealed class JobFilterParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_field_is_read()
    {
        var filter = Read("""
            status:failed,canceled type:report.*,mail queue:bulk label.tenant:acme label.note:"two words" created:<2h finished:>=2026-11-22 schedule:nightly correlation:abc
            """);

        Assert.Equal([JobStatus.Failed, JobStatus.Canceled], filter.Statuses);
        Assert.Equal(["report.*", "mail"], filter.Types);
        Assert.Equal(["bulk"], filter.Queues);
        Assert.Equal("acme", filter.Labels["tenant"]);
        Assert.Equal("two words", filter.Labels["note"]);
        Assert.Equal(Now.AddHours(-2), filter.CreatedAfter);
        Assert.Equal(Now.AddHours(-12), filter.FinishedAfter);
        Assert.Equal("nightly", filter.ScheduleId);
        Assert.Equal("abc", filter.CorrelationId);
    }

    [Fact]
    public void Nothing_said_means_every_job()
    {
        Assert.Empty(Read("").Statuses);
        Assert.Equal("", JobFilterParser.Format(Read("  ")));
    }

    [Fact]
    public void A_negated_status_means_all_the_others()
    {
        var filter = Read("-status:succeeded,failed,canceled");

        Assert.Equal([JobStatus.Scheduled, JobStatus.Queued, JobStatus.Running, JobStatus.Canceling], filter.Statuses);
    }

    [Fact]
    public void An_age_and_an_instant_may_bound_a_time_from_both_sides()
    {
        var filter = Read("created:<7d created:>1h");

        Assert.Equal(Now.AddDays(-7), filter.CreatedAfter);
        Assert.Equal(Now.AddHours(-1), filter.CreatedBefore);
    }

    [Theory]
    [InlineData("state:failed", 1, "Did you mean 'status'?")]
    [InlineData("status:cancelled", 8, "Did you mean 'canceled'?")]
    [InlineData("type:a status:ok,faild", 15, "There is no status 'ok'")]
    [InlineData("type:Report", 6, "small letters")]
    [InlineData("queue:bul*", 7, "is not a queue")]
    [InlineData("failed", 1, "is not a term")]
    [InlineData("status:", 8, "A value is expected")]
    [InlineData("status:failed status:queued", 15, "given twice")]
    [InlineData("-type:a", 2, "status only")]
    [InlineData("-status:scheduled,queued,running,canceling,succeeded,failed,canceled", 2, "Every status is excluded")]
    [InlineData("label.:a", 1, "name of the label")]
    [InlineData("label.a:b,c", 11, "one value")]
    [InlineData("label.a:\"b", 9, "closing quote")]
    [InlineData("created:yesterday", 9, "is not a time")]
    [InlineData("created:<999999999w", 9, "is not a time")]
    [InlineData("finished:>2h", 10, "beginning only")]
    [InlineData("created:<2h created:<3h", 13, "given twice")]
    public void A_mistake_is_told_with_its_column(string text, int column, string message)
    {
        Assert.False(JobFilterParser.TryParse(text, Now, out _, out var error));
        Assert.Equal(column, error.Column);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_end_is_refused()
    {
        Assert.False(JobFilterParser.TryParse(new string(' ', JobFilterParser.MaxLength + 1), Now, out _, out var error));
        Assert.Contains("at most", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_reads_the_same_and_does_not_age()
    {
        var filter = Read("""type:b,a status:queued label.z:"say \"hi\", you" created:<2h label.a:x finished:<1d""");
        var text = JobFilterParser.Format(filter);

        Assert.Equal(
            """status:queued type:a,b label.a:x label.z:"say \"hi\", you" created:>=2026-11-22T10:00:00Z finished:>=2026-11-21T12:00:00Z""", text);
        Assert.True(JobFilterParser.TryParse(text, Now.AddYears(1), out var again, out _));
        Assert.Equal(text, JobFilterParser.Format(again));
    }

    private static JobFilter Read(string text)
    {
        Assert.True(JobFilterParser.TryParse(text, Now, out var filter, out var error), error?.ToString());
        return filter;
    }
}
