using System.Security.Cryptography;
using System.Text;
using Errand.Storage;
using Errand.Testing.Stage;
using Errand.Work;

namespace Errand.Testing.Seeds;

/// <summary>
/// Puts seeded jobs into the store, as the engine would have left them at the times that they name: claimed and reported the ordinary way, and their head written as their last settle.
/// </summary>
internal sealed class SeedLoader(IJobStorage storage, IJobSource source, IJobClients clients, Plays plays, TimeProvider time) : ISessionListener
{
    private static readonly TimeSpan Asleep = TimeSpan.FromDays(365);

    public async Task LoadAsync(SeedFile file, CancellationToken cancellationToken)
    {
        foreach (var job in file.Jobs) await LoadAsync(job, cancellationToken);
    }

    void ISessionListener.OnCancel(JobTicket ticket)
    {
    }

    private async Task LoadAsync(SeedJob job, CancellationToken cancellationToken)
    {
        var play = plays.Find(job.Vendor)!;
        var id = play.Ids.Take(job.Name);
        var head = HeadOf(job, id);
        var details = new JobDetails { Labels = job.Labels, RequestId = job.RequestId ?? Guid.NewGuid(), ItemCount = job.ItemCount };
        var stored = await storage.Jobs.SubmitAsync(new JobBatch([new NewJob(head, details, JobInput.None)], Atomic: true, null, time.GetUtcNow()), cancellationToken);

        // A kept folder has it from the last time.
        if (stored.Jobs[0].Kind is SubmitKind.Created)
        {
            if (job.Stage is not SeedStage.Queued) await PlayAsync(job, head, cancellationToken);
            if (job.Stage is SeedStage.Expired) await clients.For(JobCaller.System(head.Tenant)).PurgeAsync(id, tombstone: true, cancellationToken);
        }

        if (job.Stage is not (SeedStage.Queued or SeedStage.Working)) return;
        var there = await clients.For(JobCaller.System(head.Tenant)).FindAsync(id, cancellationToken: cancellationToken);
        if (there.Job is { Head.State: JobState.Queued } living) play.Adopt(living, job.Script ?? ForEver(job.Stage));
    }

    private static VendorScript ForEver(SeedStage stage) => stage is SeedStage.Working ? VendorScript.Default.Stuck() : VendorScript.Default.QueuedForTime(Asleep);

    private JobHead HeadOf(SeedJob job, JobId id) => new()
    {
        Tenant = JobNames.DefaultTenant,
        Id = id,
        Type = job.Type,
        Queue = $"{job.Vendor}.{Guid.NewGuid():N}",
        Owner = job.Owner ?? JobCaller.System().Subject,
        Priority = job.Priority ?? 5,
        MaxAttempts = 1,
        CreatedAt = job.Created,
        UpdatedAt = job.Created,
        DueAt = job.Created < time.GetUtcNow() ? job.Created : time.GetUtcNow(),
    };

    private async Task PlayAsync(SeedJob job, JobHead head, CancellationToken cancellationToken)
    {
        var session = (await source.OpenAsync(new SessionRequest("seed", [head.Type], [head.Queue], 1, head.Tenant), this, cancellationToken)).Id;
        try
        {
            var claimed = (await source.ClaimAsync(session, [new QueueDemand(head.Queue, 1)], cancellationToken))[0];
            if (job.Items.Count > 0) await source.Reports.WriteItemsAsync(claimed.Ticket, job.Items, cancellationToken);
            if (job.Messages.Count > 0) await source.Reports.AppendMessagesAsync(claimed.Ticket, job.Messages, cancellationToken);
            foreach (var output in job.Outputs) await source.Reports.PublishAsync(claimed.Ticket, DraftOf(output), cancellationToken);
            await source.Reports.FlushAsync(claimed.Ticket, cancellationToken);
            await storage.Queue.SettleAsync([new JobChange(claimed.Head, Left(job, claimed.Head)) { Result = ResultOf(job) }], cancellationToken);
        }
        finally
        {
            await source.CloseAsync(session, cancellationToken);
        }
    }

    /// <summary>The head as its last change left it.</summary>
    private JobHead Left(SeedJob job, JobHead head)
    {
        var changed = job.Updated ?? job.Created;
        var left = head with { Version = head.Version + 1, Session = null, StartedAt = job.Started ?? job.Created, UpdatedAt = changed, Error = job.Error };
        return job.Stage switch
        {
            SeedStage.Working => left with { State = JobState.Queued, DueAt = time.GetUtcNow() + Asleep },
            SeedStage.Failed => left with { State = JobState.Failed, FinishedAt = changed, Failures = 1 },
            SeedStage.Canceled => left with { State = JobState.Canceled, FinishedAt = changed, CancelReason = job.Error?.Message is { Length: > 0 } reason ? reason : null },
            _ => left with { State = JobState.Succeeded, FinishedAt = changed, HasResult = job.Result is not null },
        };
    }

    private static JobResult? ResultOf(SeedJob job)
    {
        if (job.Result is not { } json || job.Stage is not SeedStage.Completed) return null;
        var body = Encoding.UTF8.GetBytes(json);
        return new JobResult("application/json", body, null, body.Length, $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:");
    }

    private static OutputDraft DraftOf(SeedOutput output) => new(ContentTypes.IdOf(output.Id), output.FileName,
    [
        .. output.Formats.Select(format => new OutputFormatDraft(format, ContentTypes.Of(format), (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(output.Content), token).AsTask())),
    ]);
}
