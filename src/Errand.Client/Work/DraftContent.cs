using System.Net;
using System.Net.Http.Headers;
using Errand.Work;

namespace Errand.Client.Work;

/// <summary>One format of an output, written onto the wire as its writer writes it: never held in memory.</summary>
internal sealed class DraftContent : HttpContent
{
    private readonly OutputFormatDraft _draft;
    private readonly CancellationToken _cancellation;

    private DraftContent(OutputFormatDraft draft, CancellationToken cancellationToken)
    {
        (_draft, _cancellation) = (draft, cancellationToken);
        Headers.ContentType = MediaTypeHeaderValue.TryParse(draft.ContentType, out var type) ? type : new("application/octet-stream");
    }

    /// <summary>A single format is the body; several are the parts of one, in their order.</summary>
    public static HttpContent Of(OutputDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Formats.Count == 1) return new DraftContent(draft.Formats[0], cancellationToken);
        var parts = new MultipartFormDataContent();
        foreach (var format in draft.Formats) parts.Add(new DraftContent(format, cancellationToken), format.Format);
        return parts;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _draft.WriteAsync(stream, _cancellation);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
