using System.Net;
using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    /// <summary>The items of a batch job, by index, page by page as they are enumerated.</summary>
    public IAsyncEnumerable<ItemResource> ItemsAsync(
        string id, JobItemStatus? status = null, int? pageSize = null, CancellationToken cancellationToken = default) =>
        PagesAsync(
            $"{JobPath(id)}/items", Wire.PageItemResource,
                [("status", status is { } word ? WireWords.Of(word) : null), ("pageSize", pageSize)],
            cancellationToken);

    /// <summary>The lines of a job's log, oldest first, page by page as they are enumerated.</summary>
    /// <param name="id">The job.</param>
    /// <param name="severity">At least this grave.</param>
    /// <param name="attempt">Of this attempt only.</param>
    /// <param name="after">After this sequence.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public IAsyncEnumerable<MessageResource> MessagesAsync(
        string id, JobSeverity? severity = null, int? attempt = null, long? after = null, CancellationToken cancellationToken = default) =>
        PagesAsync(
            $"{JobPath(id)}/messages", Wire.PageMessageResource,
            [("severity", severity is { } word ? WireWords.Of(word) : null), ("attempt", attempt), ("after", after)], cancellationToken);

    /// <summary>The files that a job published.</summary>
    public IAsyncEnumerable<OutputResource> OutputsAsync(string id, CancellationToken cancellationToken = default) =>
        PagesAsync($"{JobPath(id)}/outputs", Wire.PageOutputResource, [], cancellationToken);

    /// <summary>Opens an output; without a format, its first one.</summary>
    public Task<Download> OpenOutputAsync(
        string id, string outputId, string? format = null, CancellationToken cancellationToken = default) =>
        OpenAsync($"{JobPath(id)}/outputs/{Query.Step(outputId)}{Query.Of(("format", format))}", cancellationToken);

    /// <summary>Opens the result of a succeeded job; null when it has none, or is not finished.</summary>
    public async Task<Download?> OpenResultAsync(string id, CancellationToken cancellationToken = default)
    {
        var response = await _transport.SendAsync(
            new Outgoing(HttpMethod.Get, $"{JobPath(id)}/result") { Timeless = true }, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.Accepted))
        {
            return new Download(response, await response.Content.ReadAsStreamAsync(cancellationToken));
        }

        response.Dispose();
        return null;
    }

    private async Task<Download> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var response = await _transport.SendAsync(new Outgoing(HttpMethod.Get, path) { Timeless = true }, cancellationToken);
        return new Download(response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }
}
