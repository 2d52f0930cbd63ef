using Errand.Storage;

namespace Errand.Uploads;

/// <summary>Takes item files of any length and keeps them as one JSON value a line, whatever they came as.</summary>
internal sealed class UploadReceiver(IJobStorage storage, TimeProvider time)
{
    public async ValueTask<Upload> ReceiveAsync(JobCaller caller, UploadFormat format, Stream content, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var sent = new SentStream(content);
        await using var file = await storage.Files.StageAsync(caller.Tenant, now, cancellationToken);
        using var items = new ItemFile(file.Content);
        await CopyAsync(format, sent, items, cancellationToken);
        await items.FlushAsync(cancellationToken);
        var upload = new Upload(
            JobId.New(now).ToString(), caller.Tenant, caller.Subject, Word(format), items.Items, sent.Size, sent.Digest(),
            await file.PublishAsync(cancellationToken), now, now + UploadRules.KeptFor);
        return await AddAsync(upload, cancellationToken);
    }

    /// <summary>
    /// Makes an upload of the items of another job, for a retry: a file belongs to one job, and goes with it. Returns the id.
    /// </summary>
    public async ValueTask<string> CopyAsync(string tenant, string id, string owner, CancellationToken cancellationToken)
    {
        var gone = new JobProblem(
            JobProblems.ResultExpired, "The items of the job are no longer stored. Upload them again, and submit a new job.");
        var first = await storage.Uploads.FindAsync(tenant, id, cancellationToken) ?? throw new JobProblemException(gone);
        await using var from = await storage.Files.OpenAsync(first.Location, cancellationToken) ?? throw new JobProblemException(gone);
        var now = time.GetUtcNow();
        await using var file = await storage.Files.StageAsync(tenant, now, cancellationToken);
        await from.CopyToAsync(file.Content, cancellationToken);
        var copy = first with
        {
            Id = JobId.New(now).ToString(),
            Owner = owner,
            Location = await file.PublishAsync(cancellationToken),
            CreatedAt = now,
            ExpiresAt = now + UploadRules.KeptFor,
        };
        return (await AddAsync(copy, cancellationToken)).Id;
    }

    private async ValueTask<Upload> AddAsync(Upload upload, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Uploads.AddAsync(upload, cancellationToken);
            return upload;
        }
        catch (StorageException e) when (e.Fault != StorageFault.OutcomeUnknown)
        {
            await storage.Files.DeleteAsync([upload.Location], CancellationToken.None);
            throw;
        }
    }

    private static ValueTask CopyAsync(UploadFormat format, Stream sent, ItemFile items,
        CancellationToken cancellationToken) => format switch
        {
            UploadFormat.Csv => CsvItems.CopyAsync(sent, items, cancellationToken),
            UploadFormat.Ndjson => NdjsonItems.CopyAsync(sent, items, cancellationToken),
            _ => JsonItems.CopyAsync(sent, items, cancellationToken),
        };

    private static string Word(UploadFormat format) => format switch
    {
        UploadFormat.Csv => "csv",
        UploadFormat.Ndjson => "ndjson",
        _ => "json",
    };
}
