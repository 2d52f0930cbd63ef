using Errand.Torture.Histories;

namespace Errand.Torture.Tests;

/// <summary>Histories that a broken server would leave behind must be found out, and those of a good one must not.</summary>
public sealed class JobHistoryTests
{
    [Fact]
    public void A_job_that_goes_its_way_is_fine() => Assert.True(Fine(
        Missing(1, 2), Unanswered(3), Missing(4, 5), Submitted(6, 9, 1, "queued"), Read(7, 8, 1, "scheduled"), Read(10, 11, 2, "running"), Canceled(12, 14, 3, "canceling"),
        Read(13, 15, 2, "running"), Read(16, 17, 4, "canceled"), Read(18, 19, 4, "canceled")));

    [Fact]
    public void An_acknowledged_job_that_is_not_there_is_found() => Assert.False(Fine(Submitted(1, 2, 1, "queued"), Missing(3, 4)));

    [Fact]
    public void A_read_may_be_too_early_for_a_submit_that_is_on_its_way() => Assert.True(Fine(Submitted(1, 4, 1, "queued"), Missing(2, 3)));

    [Fact]
    public void A_job_that_vanishes_again_is_found() => Assert.False(Fine(Unanswered(1), Read(2, 3, 1, "queued"), Missing(4, 5)));

    [Fact]
    public void A_job_that_nobody_submitted_is_found() => Assert.False(Fine(Read(1, 2, 1, "queued"), Submitted(3, 4, 1, "queued")));

    [Fact]
    public void A_reader_that_is_shown_an_older_version_is_found() => Assert.False(Fine(Submitted(1, 2, 1, "queued"), Read(3, 4, 3, "queued"), Read(5, 6, 2, "running")));

    [Fact]
    public void Two_words_for_one_version_are_found() => Assert.False(Fine(Submitted(1, 2, 1, "queued"), Read(3, 4, 2, "running"), Read(5, 6, 2, "queued")));

    [Fact]
    public void A_second_end_is_found() => Assert.False(Fine(Submitted(1, 2, 1, "queued"), Read(3, 4, 3, "succeeded"), Read(5, 6, 4, "failed")));

    [Fact]
    public void A_cancel_that_is_acknowledged_and_forgotten_is_found()
    {
        Assert.False(Fine(Submitted(1, 2, 1, "queued"), Canceled(3, 4, 3, "running")));
        Assert.False(Fine(Submitted(1, 2, 1, "queued"), Canceled(3, 4, 3, "canceling"), Read(5, 6, 4, "queued")));
        Assert.True(Fine(Submitted(1, 2, 1, "queued"), Canceled(3, 4, 3, "canceling"), Read(5, 6, 4, "succeeded")));
    }

    [Fact]
    public void Hundreds_of_submits_without_an_answer_are_judged_at_once()
    {
        var sent = Enumerable.Range(1, 500).Select(at => Unanswered(at)).ToList();
        Assert.True(Fine([.. sent, Missing(501, 502), Submitted(503, 504, 1, "queued")]));
        Assert.False(Fine([.. sent, Submitted(503, 504, 1, "queued"), Missing(505, 506)]));
    }

    private static bool Fine(params Call<Seen>[] calls) => JobHistory.IsLinearizable(calls);

    private static Call<Seen> Missing(long begun, long ended) => new(begun, ended, Seen.Missing);

    private static Call<Seen> Unanswered(long begun) => new(begun, null, Seen.Unanswered);

    private static Call<Seen> Submitted(long begun, long ended, long version, string status) => new(begun, ended, new Seen(SeenKind.Submitted, version, status));

    private static Call<Seen> Read(long begun, long ended, long version, string status) => new(begun, ended, new Seen(SeenKind.Read, version, status));

    private static Call<Seen> Canceled(long begun, long ended, long version, string status) => new(begun, ended, new Seen(SeenKind.Canceled, version, status));
}
