using System.Text;
using Errand.Storage;
using Errand.Work;

namespace Errand.Testing.Stage;

/// <summary>Works on a scripted job the way a worker does: claims it, reports, settles.</summary>
internal sealed class CourseHand(IJobSource source, IJobClients clients, TimeProvider time) : ISessionListener
{
    // As long as a handler may ask for; each step wakes the job itself.
    private static readonly TimeSpan Asleep = TimeSpan.FromDays(365);

    /// <summary>The job is at work, and this many of its items are done.</summary>
    public Task StepAsync(Course course, int items) => ClaimAsync(course, async job =>
    {
        await ReportAsync(course, job, items);
        return new JobOutcome.Snoozed(Asleep);
    });

    /// <summary>The job ends as its script says.</summary>
    public Task FinishAsync(Course course) => ClaimAsync(course, async job =>
    {
        var script = course.Script;
        if (script.End is ScriptEnd.Complete) await ReportAsync(course, job, course.Items);
        if (script.Messages.Count > 0) await source.Reports.AppendMessagesAsync(job.Ticket, [.. script.Messages.Select(MessageOf)], CancellationToken.None);
        if (script.End is ScriptEnd.Complete) foreach (var output in script.Outputs) await PublishAsync(job, output);
        return script.End switch
        {
            ScriptEnd.Fail => new JobOutcome.Failed(new JobError(script.Error.Code, script.Error.Message)),
            ScriptEnd.Cancel => new JobOutcome.Canceled(script.Error.Message.Length > 0 ? script.Error.Message : null),
            _ => new JobOutcome.Succeeded(script.Result is { } result ? Encoding.UTF8.GetBytes(result) : default),
        };
    });

    /// <summary>The vendor keeps the job no longer.</summary>
    public async Task PurgeAsync(Course course)
    {
        try
        {
            await Jobs(course).PurgeAsync(course.Key.Id, tombstone: true);
        }
        catch (JobProblemException)
        {
            // Somebody was faster.
        }
    }

    void ISessionListener.OnCancel(JobTicket ticket)
    {
    }

    private IJobClient Jobs(Course course) => clients.For(JobCaller.System(course.Key.Tenant));

    // A job that was canceled or purged past its script is not there to be claimed, and stays as it is.
    private async Task ClaimAsync(Course course, Func<ClaimedJob, Task<JobOutcome>> act)
    {
        if (course.Asleep && !await WakeAsync(course)) return;
        var session = (await source.OpenAsync(new SessionRequest("vendor", [course.Type], [course.Queue], 1, course.Key.Tenant), this, CancellationToken.None)).Id;
        try
        {
            var claimed = await source.ClaimAsync(session, [new QueueDemand(course.Queue, 1)], CancellationToken.None);
            if (claimed is not [var job]) return;
            var outcome = await act(job);
            await source.Reports.FlushAsync(job.Ticket, CancellationToken.None);
            await source.SettleAsync([new Settlement(job.Ticket, outcome)], CancellationToken.None);
            course.Asleep = outcome is JobOutcome.Snoozed;
        }
        finally
        {
            await source.CloseAsync(session, CancellationToken.None);
        }
    }

    private async Task<bool> WakeAsync(Course course)
    {
        try
        {
            await Jobs(course).UpdateAsync(course.Key.Id, new JobUpdate(RunAt: time.GetUtcNow()));
            return true;
        }
        catch (JobProblemException)
        {
            return false;
        }
    }

    private async Task ReportAsync(Course course, ClaimedJob job, int items)
    {
        if (items <= course.Reported) return;
        var all = ItemReports.Of(course.Script, job);
        await source.Reports.WriteItemsAsync(job.Ticket, [.. all.Skip(course.Reported).Take(items - course.Reported)], CancellationToken.None);
        course.Reported = items;
    }

    private async Task PublishAsync(ClaimedJob job, ScriptOutput output)
    {
        var format = Path.GetExtension(output.FileName) is { Length: > 1 } extension ? extension[1..].ToLowerInvariant() : "raw";
        var draft = new OutputFormatDraft(format, ContentTypes.Of(format), (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(output.Content), token).AsTask());
        await source.Reports.PublishAsync(job.Ticket, new OutputDraft(ContentTypes.IdOf(output.FileName), output.FileName, [draft]), CancellationToken.None);
    }

    private JobMessage MessageOf(ScriptMessage message) => new() { Time = time.GetUtcNow(), Severity = message.Severity, Text = message.Text };
}
