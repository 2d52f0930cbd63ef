using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Errand.AspNetCore;
using Errand.Storage;

namespace Errand.Dialects.Zendesk;

/// <summary>Begins jobs from the vendor's bulk endpoints.</summary>
internal sealed class ZendeskStarting(ZendeskReading reading)
{
    /// <summary>The vendor's most of unfinished jobs of one account.</summary>
    public const int JobsMax = 30;

    private static readonly JobFilter Unfinished = JobFilter.All with
    {
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [ZendeskStarters.DialectLabel] = "zendesk" },
        Statuses = [JobStatus.Scheduled, JobStatus.Queued, JobStatus.Running, JobStatus.Canceling],
    };

    // One submit at a time for each account, so that two at once are not both the thirtieth. Another node's are seen with the next count.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>A mistake in a request as a refusal.</summary>
    public static DialectProblemException Refusal(ZendeskMistake mistake) => new(mistake.Field is { } field
        ? new DialectProblem(422, JobProblems.InvalidRequest, mistake.Message) { Errors = [new JobFieldError(field, mistake.Message)] }
        : new DialectProblem(400, mistake.Kind, mistake.Message));

    public Func<DialectCall, Task> For(ZendeskStarter starter, string type) => call => StartAsync(call, starter, type);

    private async Task StartAsync(DialectCall call, ZendeskStarter starter, string type)
    {
        call.RefuseWhileDraining();
        var body = await call.ReadBodyAsync();
        var work = Read(call, starter, body);
        var submission = new JobSubmission
        {
            Type = type,
            Input = work.Input,
            Items = work.Items,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [ZendeskStarters.DialectLabel] = "zendesk",
                [ZendeskStarters.StarterLabel] = starter.Key,
                [ZendeskStarters.ActionLabel] = work.Action,
            },
            RequestId = call.RequestId,
            TraceParent = call.Trace.Parent,
            TraceState = call.Trace.State,
        };
        var turn = turns.GetOrAdd(call.Principal.Caller.Tenant, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(call.Aborted);
        try
        {
            await SubmitAsync(call, submission, KeyOf(call, starter, body));
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task SubmitAsync(DialectCall call, JobSubmission submission, IdempotencyKey? key)
    {
        var running = await ZendeskReading.JobsOf(call).ListAsync(Unfinished, JobOrder.CreatedDescending, limit: JobsMax + 1, cancellationToken: call.Aborted);
        if (running.Jobs.Count >= JobsMax)
        {
            SetInflight(call, running.Jobs.Count);
            await call.Http.WriteJsonAsync(
                new ZendeskError("TooManyJobs")
                {
                    Description = $"Too many {submission.Type} jobs are currently queued or running. Try again later.",
                    CurrentJobIds = [.. running.Jobs.Take(JobsMax).Select(job => job.Head.Id.ToString())],
                },
                ZendeskSparseJson.Default.ZendeskError, 429, ZendeskProblems.JsonType);
            return;
        }

        var receipt = await call.Jobs.SubmitAsync(submission, key, call.Aborted);
        var isNew = receipt.Kind is SubmitReceiptKind.Created;
        if (key is not null) call.Response.Headers["X-Idempotency-Lookup"] = isNew ? "miss" : "hit";
        SetInflight(call, running.Jobs.Count + (isNew ? 1 : 0));
        await call.Http.WriteJsonAsync(new ZendeskOne(await reading.DescribeAsync(call, receipt.Job)), ZendeskJson.Default.ZendeskOne, 200, ZendeskProblems.JsonType);
    }

    private static ZendeskWork Read(DialectCall call, ZendeskStarter starter, ReadOnlyMemory<byte> body)
    {
        var ids = ZendeskReading.Ids(call.Request, "ids");
        var external = ids.Count == 0 ? ZendeskReading.Ids(call.Request, "external_ids") : [];
        try
        {
            var id = ZendeskReading.WithoutSuffix(call.RouteValue("id") is { Length: > 0 } given ? given : call.RouteValue("key"));
            return ZendeskElements.Read(starter, ids.Count > 0 ? ids : external, external.Count > 0, id, body);
        }
        catch (ZendeskMistake mistake)
        {
            throw Refusal(mistake);
        }
    }

    // The vendor's own header for repeating a create without doing it twice.
    private static IdempotencyKey? KeyOf(DialectCall call, ZendeskStarter starter, ReadOnlyMemory<byte> body)
    {
        if (call.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 } key) return null;
        if (key.Length > 255 || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new DialectProblemException(new DialectProblem(400, JobProblems.IdempotencyKeyInvalid, "Idempotency-Key has 1 to 255 visible ASCII characters."));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{call.Request.Method} {call.Request.Path}{call.Request.QueryString}\n"));
        hash.AppendData(body.Span);
        return new IdempotencyKey(key, $"{starter.Method} zendesk {starter.Key}", hash.GetHashAndReset());
    }

    private static void SetInflight(DialectCall call, int count) => call.Response.Headers["Zendesk-RateLimit-Inflight-Jobs"] = string.Create(
        CultureInfo.InvariantCulture, $"total={JobsMax}; remaining={Math.Max(0, JobsMax - count)}; resets={ZendeskRates.UntilNextMinute(call.Now)}");
}
