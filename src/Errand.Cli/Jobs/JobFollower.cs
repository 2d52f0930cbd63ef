using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Client;
using Errand.Contracts;
using Spectre.Console;

namespace Errand.Cli.Jobs;

/// <summary>Shows a job while it runs: a moving bar to somebody who looks, a line per change to a file.</summary>
internal sealed class JobFollower(JobHandle job, Terminal terminal)
{
    /// <summary>Follows to the end and returns the finished job.</summary>
    /// <param name="lines">Where plain lines go when nobody looks; null for none.</param>
    /// <param name="cancellationToken">Ends the following, not the job.</param>
    public Task<JobResource> FollowAsync(TextWriter? lines, CancellationToken cancellationToken) =>
        terminal.ErrorIsScreen ? BarAsync(cancellationToken) : LinesAsync(lines, cancellationToken);

    private async Task<JobResource> LinesAsync(TextWriter? lines, CancellationToken cancellationToken)
    {
        JobResource? last = null;
        string? said = null;
        await foreach (var happened in job.WatchAsync(cancellationToken))
        {
            last = happened.Job;
            var line = Line(last);
            if (line == said) continue;
            said = line;
            lines?.WriteLine($"{When.At(happened.Time)}  {line}");
        }

        return last ?? (await job.GetAsync(cancellationToken)).Job;
    }

    private async Task<JobResource> BarAsync(CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(terminal.Error),
        });
        console.Profile.Width = terminal.Width;
        JobResource? last = null;
        await console.Progress().Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(job.Id), maxValue: 100);
                bar.IsIndeterminate = true;
                await foreach (var happened in job.WatchAsync(cancellationToken))
                {
                    last = happened.Job;
                    Show(bar, last);
                }
            });
        return last ?? (await job.GetAsync(cancellationToken)).Job;
    }

    private static void Show(ProgressTask bar, JobResource job)
    {
        var percent = job.Status is JobStatus.Succeeded ? 100 : JobWords.Percent(job.Progress);
        bar.IsIndeterminate = percent is null && !job.Done;
        bar.Value = percent ?? bar.Value;
        bar.Description = Markup.Escape(Paint.Plain(Line(job)).Text);
        if (job.Done) bar.StopTask();
    }

    private static string Line(JobResource job)
    {
        var progress = JobWords.Progress(job.Progress);
        var error = job is { Status: JobStatus.Failed or JobStatus.Canceled, Error: { } e } ? $": {e.Code}, {e.Message}" : "";
        return $"{job.Type}  {JobWords.Headline(job)}{error}{(progress.Length == 0 ? "" : $"  {progress}")}";
    }
}
