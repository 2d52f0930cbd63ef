using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Jobs;

/// <summary>Jobs for people.</summary>
internal static class JobView
{
    public static string[] Headings { get; } = ["id", "type", "status", "progress", "age", "took"];

    /// <summary>A job as a row of a list.</summary>
    public static Paint[] Row(JobResource job, DateTimeOffset now) =>
    [
        job.Id, job.Type, Status(job), job.Done ? "" : JobWords.Progress(job.Progress), When.Ago(job.CreatedAt, now),
        job.StartedAt is { } started ? When.Short((job.FinishedAt ?? now) - started) : "",
    ];

    /// <summary>The status in its colour; a success with failed items is a warning.</summary>
    public static Paint Status(JobResource job)
    {
        var headline = JobWords.Headline(job);
        return job is { Status: JobStatus.Succeeded, Progress.Failed: > 0 } ? Paint.Warning(headline)
            : job.Status is JobStatus.Failed ? Paint.Bad(headline)
            : headline == job.Status.Word() ? Paint.Word(headline) : headline;
    }

    /// <summary>Everything about one job.</summary>
    public static void Details(JobResource job, Terminal terminal)
    {
        var facts = new Facts(terminal);
        facts.Add("id", job.Id);
        facts.Add("type", job.Type);
        facts.Add("queue", $"{job.Queue}, priority {job.Priority}");
        facts.Add("status", Status(job));
        facts.Add("progress", JobWords.Progress(job.Progress));
        if (job.Error is { } error) facts.Add("error", Paint.Bad($"{error.Code}: {error.Message}"));
        facts.Add("cancel reason", job.CancelReason);
        facts.Add("attempt", job.Attempt == 0 ? null : $"{job.Attempt} (at most {job.MaxAttempts} failed)");
        Times(job, facts);
        facts.Add("owner", job.CreatedBy);
        facts.Add("labels", job.Labels is { Count: > 0 } labels ? string.Join(' ', labels.Select(l => $"{l.Key}={l.Value}")) : null);
        facts.Add("unique key", job.UniqueKey);
        facts.Add("retry of", job.RetryOf);
        facts.Add("input", job.Input?.ToString());
        facts.Add("result", job.Result?.ToString()
            ?? (job.ResultInfo is { } info ? $"{info.ContentType}, {When.Size(info.Size)}: errand result {job.Id}" : null));
        if (job.Attempts is { Count: > 0 } attempts) Attempts(attempts, terminal);
    }

    private static void Times(JobResource job, Facts facts)
    {
        facts.Add("created", When.At(job.CreatedAt));
        facts.Add("next run", job.NextRunAt is { } next ? When.At(next) : null);
        facts.Add("started", job.StartedAt is { } started ? When.At(started) : null);
        facts.Add(
            "finished",
            job.FinishedAt is { } finished
                ? $"{When.At(finished)}{(job.StartedAt is { } begun ? $", took {When.Short(finished - begun)}" : "")}" : null);
        facts.Add("kept until", job.ExpiresAt is { } expires ? When.At(expires) : null);
    }

    private static void Attempts(IReadOnlyList<AttemptResource> attempts, Terminal terminal)
    {
        terminal.Out.WriteLine();
        var table = new TextTable("attempt", "outcome", "started", "took", "error");
        foreach (var attempt in attempts)
        {
            table.Add(
                $"{attempt.Number}", Paint.Word(WireWords.Of(attempt.Outcome)), When.At(attempt.StartedAt),
                attempt.FinishedAt is { } finished ? When.Short(finished - attempt.StartedAt) : "", attempt.Error is { } e
                    ? $"{e.Code}: {e.Message}" : "");
        }

        table.Write(terminal.Out, terminal.OutIsScreen);
    }
}
