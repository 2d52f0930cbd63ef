using Errand.Storage;
using Errand.Work;

namespace Errand.Outputs;

/// <summary>Publishes outputs: every format staged and made durable, then one row that names them all.</summary>
internal sealed class OutputPublisher(IJobStorage storage, FileRemover files, ErrandOptions options, TimeProvider time)
{
    public async ValueTask<JobOutput> PublishAsync(JobTicket ticket, int attempt, OutputDraft draft, CancellationToken cancellationToken)
    {
        Check(draft);
        await CheckQuotaAsync(ticket.Key.Tenant, cancellationToken);
        var now = time.GetUtcNow();
        List<JobOutputFormat> formats = [];
        try
        {
            foreach (var format in draft.Formats) formats.Add(await WriteAsync(ticket.Key.Tenant, format, now, cancellationToken));
            var output = new JobOutput(draft.Id, draft.FileName, formats, now, attempt);
            var replaced = await storage.Contents.AddOutputAsync(ticket, output, cancellationToken) ?? throw new LeaseLostException(ticket);
            await files.RemoveAsync(replaced, CancellationToken.None);
            return output;
        }
        catch (Exception e) when (e is not OutcomeUnknownException)
        {
            await files.RemoveAsync([.. formats.Select(format => format.Location)], CancellationToken.None);
            throw;
        }
    }

    private async ValueTask<JobOutputFormat> WriteAsync(
        string tenant, OutputFormatDraft draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var file = await storage.Files.StageAsync(tenant, now, cancellationToken);
        await using var content = new DigestStream(file.Content);
        await draft.WriteAsync(content, cancellationToken);
        await content.FlushAsync(cancellationToken);
        return new JobOutputFormat(
            draft.Format, draft.ContentType, content.Size, content.Digest(), await file.PublishAsync(cancellationToken));
    }

    private async ValueTask CheckQuotaAsync(string tenant, CancellationToken cancellationToken)
    {
        if (options.OutputQuotaPerTenant is not { } quota) return;
        var used = await storage.Contents.OutputBytesAsync(tenant, cancellationToken);
        if (used < quota) return;
        throw new JobProblemException(
            JobProblems.QuotaExceeded,
            $"The outputs of tenant '{tenant}' take {used:N0} of {quota:N0} bytes. Purge finished jobs, or raise OutputQuotaPerTenant.");
    }

    private static void Check(OutputDraft draft)
    {
        if (!JobNames.IsOutput(draft.Id))
        {
            throw new ArgumentException(
                $"'{draft.Id}' is no id for an output: use 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-'.", nameof(draft));
        }

        if (draft.FileName.Length is 0 or > 255 || draft.FileName.AsSpan().ContainsAny('/', '\\', '\0'))
        {
            throw new ArgumentException($"'{draft.FileName}' is no file name: use 1 to 255 characters without a folder.", nameof(draft));
        }

        if (draft.Formats.Count == 0 || draft.Formats.DistinctBy(format => format.Format).Count() != draft.Formats.Count)
        {
            throw new ArgumentException("An output needs at least one format, each with its own word.", nameof(draft));
        }
    }
}
