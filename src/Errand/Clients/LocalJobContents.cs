using Errand.Outputs;
using Errand.Storage;

namespace Errand.Clients;

/// <summary>What jobs hold beside their status: each call looks the job up first, as the caller.</summary>
internal sealed class LocalJobContents(EngineParts parts, JobCaller caller) : IJobContents
{
    private readonly JobReader _reader = new(parts.Storage, parts.Finished, parts.Enlisted, caller);

    public async ValueTask<IReadOnlyList<JobItem>> ListItemsAsync(JobId id, ItemQuery query, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        var items = await parts.Storage.Contents.ListItemsAsync(job.Head.Sequence, query, cancellationToken);
        return caller.IsAdmin ? items : items.Select(item => item.For(caller)).ToList();
    }

    public async ValueTask<MessagePage> ListMessagesAsync(JobId id, MessageQuery query, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        return await parts.Storage.Contents.ListMessagesAsync(job.Head.Sequence, query, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<JobOutput>> ListOutputsAsync(JobId id, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        var outputs = await parts.Storage.Contents.ListOutputsAsync(job.Head.Sequence, cancellationToken);
        return outputs.Where(output => output.Id != ResultPlacer.OutputId).ToList();
    }

    public async ValueTask<OutputContent?> OpenOutputAsync(
        JobId id, string outputId, string? format, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Status, cancellationToken);
        return outputId == ResultPlacer.OutputId ? null : await OpenAsync(job.Head.Sequence, outputId, format, cancellationToken);
    }

    public async ValueTask<OutputContent?> OpenResultAsync(JobId id, CancellationToken cancellationToken = default)
    {
        var job = await _reader.GetAsync(id, JobParts.Result, cancellationToken);
        if (job.Result is not { } result) return null;
        if (result.OutputId is { } output)
        {
            var content = await OpenAsync(job.Head.Sequence, output, null, cancellationToken);
            return content is null ? throw new JobProblemException(ResultGone) : content with { StatusCode = result.StatusCode };
        }

        var name = result.ContentType == "application/json" ? $"{id}.json" : $"{id}.bin";
        return new OutputContent(new BytesStream(result.Body), name, result.ContentType, result.Size, result.Digest, result.StatusCode);
    }

    public ValueTask<Upload> UploadAsync(UploadFormat format, Stream content, CancellationToken cancellationToken = default) =>
        parts.Uploads.ReceiveAsync(caller, format, content, cancellationToken);

    private static readonly JobProblem ResultGone = new(JobProblems.ResultExpired, "The result was there and is no longer stored.");

    private async ValueTask<OutputContent?> OpenAsync(long job, string outputId, string? format, CancellationToken cancellationToken)
    {
        var outputs = await parts.Storage.Contents.ListOutputsAsync(job, cancellationToken);
        var output = outputs.FirstOrDefault(one => one.Id == outputId);
        var rendering = format is null ? output?.Formats[0] : output?.Formats.FirstOrDefault(one => one.Format == format);
        if (rendering is null) return null;
        var content = await parts.Storage.Files.OpenAsync(rendering.Location, cancellationToken);
        return content is null ? null : new OutputContent(
            content, FileName(output!, rendering), rendering.ContentType, rendering.Size, rendering.Digest);
    }

    /// <summary>The first format has the name as published; the others its stem with their own ending.</summary>
    private static string FileName(JobOutput output, JobOutputFormat rendering) => rendering == output.Formats[0]
        ? output.FileName
        : Path.ChangeExtension(output.FileName, rendering.Format);
}
