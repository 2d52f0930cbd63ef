using System.Runtime.CompilerServices;

namespace Errand.Lifecycle;

/// <summary>The diagram in docs/concepts/job-lifecycle.md and <see cref="JobLifecycle.Decide"/> say the same.</summary>
public sealed class DiagramTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_edge_of_the_code_is_in_the_diagram_and_the_other_way_round() =>
        Assert.Equal(EdgesOfTheDiagram().Order(StringComparer.Ordinal), EdgesOfTheCode().Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void No_command_moves_a_finished_job()
    {
        foreach (var state in (JobState[])[JobState.Succeeded, JobState.Failed, JobState.Canceled])
        {
            foreach (var (_, command) in Commands())
            {
                Assert.IsNotType<JobDecision.Change>(JobLifecycle.Decide(Head(state), command, Now));
            }
        }
    }

    [Fact]
    public void Every_change_has_the_next_version_and_the_same_identity()
    {
        foreach (var head in Heads())
        {
            foreach (var (_, command) in Commands())
            {
                if (JobLifecycle.Decide(head, command, Now) is not JobDecision.Change { Value: var change }) continue;
                Assert.Same(head, change.Before);
                Assert.Equal(head.Version + 1, change.After.Version);
                Assert.Equal(head.Key, change.After.Key);
                Assert.Equal(head.Sequence, change.After.Sequence);
                Assert.Equal(Now, change.After.UpdatedAt);
                Assert.Equal(change.After.State.IsTerminal(), change.After.FinishedAt is not null);
                Assert.Equal(change.After.State.IsClaimed(), change.After.Session is not null);
                Assert.True(change.After.Token >= head.Token);
            }
        }
    }

    private static IEnumerable<string> EdgesOfTheCode() =>
        from head in Heads()
        from pair in Commands()
        let change = JobLifecycle.Decide(head, pair.Command, Now) as JobDecision.Change
        where change is not null
        select $"{Word(head.State)} --> {Word(change.Value.After.State)} : {Label(head, pair.Label)}";

    private static IEnumerable<string> EdgesOfTheDiagram() => File.ReadLines(Diagram())
        .Select(line => line.Trim())
        .Where(line => line.Contains(" --> ", StringComparison.Ordinal) && !line.Contains("[*]", StringComparison.Ordinal));

    private static string Diagram([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "concepts", "job-lifecycle.md");

    /// <summary>A job that is asked to stop ends the same way whatever its handler says, but for a success.</summary>
    private static string Label(JobHead head, string label)
    {
        if (head is { State: JobState.Queued } && label == "deadline before start") return "deadline";
        if (head is { State: JobState.Running, Deadline: not null } && label == "failure, may retry") return "failure, final";
        if (head is { State: JobState.Running, Losses: 2 } && label == "loss") return "third loss";
        if (head.State != JobState.Canceling || label is "success" or "update") return label;
        var what = label.Contains("loss", StringComparison.Ordinal) ? "loss" : "any other outcome";
        return head.Error?.Code == JobErrorCodes.DeadlineExceeded ? $"{what}, past the deadline" : what;
    }

    private static IEnumerable<JobHead> Heads() =>
    [
        .. Enum.GetValues<JobState>().Select(Head),
        .. Enum.GetValues<JobState>().Select(state => Head(state) with { Deadline = null }),
        Head(JobState.Running) with { Losses = 2 },
        Head(JobState.Canceling) with { Error = new JobError(JobErrorCodes.DeadlineExceeded, "Late.") },
    ];

    private static JobHead Head(JobState state) => new()
    {
        Tenant = "t",
        Id = new JobId(Guid.Parse("00000000000070008000000000000001")),
        Sequence = 7,
        Type = "work",
        Queue = "default",
        Owner = "alice",
        CreatedAt = Now.AddMinutes(-5),
        UpdatedAt = Now.AddMinutes(-1),
        DueAt = Now.AddMinutes(-5),
        State = state,
        Version = 3,
        Attempt = state == JobState.Queued ? 0 : 1,
        Token = state == JobState.Queued ? 0 : 11,
        StartedAt = state == JobState.Queued ? null : Now.AddMinutes(-1),
        FinishedAt = state.IsTerminal() ? Now.AddMinutes(-1) : null,
        Session = state.IsClaimed() ? new SessionId(Guid.Parse("00000000000070008000000000000002")) : null,
        Deadline = Now,
    };

    private static IEnumerable<(string Label, JobCommand Command)> Commands()
    {
        yield return ("claim", new JobCommand.Claim(new SessionId(Guid.Parse("00000000000070008000000000000003")), 12));
        yield return ("success", new JobCommand.Settle(11, JobOutcome.Succeeded.Empty));
        yield return ("failure, may retry", new JobCommand.Settle(11, new JobOutcome.Failed(new JobError("x", "X.", Retryable: true))));
        yield return ("failure, final", new JobCommand.Settle(11, new JobOutcome.Failed(new JobError("x", "X."))));
        yield return ("snooze", new JobCommand.Settle(11, new JobOutcome.Snoozed(TimeSpan.FromMinutes(1))));
        yield return ("stopped", new JobCommand.Settle(11, new JobOutcome.Canceled()));
        yield return ("release", new JobCommand.Settle(11, JobOutcome.Released.Instance));
        yield return ("cancel", new JobCommand.Cancel("why"));
        yield return ("loss", new JobCommand.Lose(11, Charged: true));
        yield return ("loss before start", new JobCommand.Lose(11, Charged: false));
        yield return ("deadline", new JobCommand.PassDeadline());
        yield return ("deadline before start", new JobCommand.PassDeadline(Started: false));
        yield return ("update", new JobCommand.Update(new JobUpdate(Priority: 1)));
    }

    private static string Word(JobState state) => state.ToString().ToLowerInvariant();
}
