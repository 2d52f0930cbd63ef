using Errand.Contracts;
using Errand.Work;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Errand.AspNetCore;

/// <summary>
/// <c>PUT /worker-sessions/{session}/outputs/{outputId}</c>: one format as the body, or several as the parts of a multipart body, in the order of <c>formats</c>. Streamed.
/// </summary>
internal static class PublishOutput
{
    private const string Multipart = "multipart/form-data";

    public static readonly ApiRoute Route = new("publishOutput", "PUT", "worker-sessions/{session}/outputs/{outputId}", ErrandScopes.Work, AnswerAsync)
    {
        Tag = "Workers",
        Summary = "Publishes a file of a claimed job: one format as the body, or several as the parts of multipart/form-data in the order of formats.",
        Query =
        [
            new("fileName", "The name a download gets. Default: the output's id."),
            new("formats", "The formats with their media types, separated by commas: csv:text/csv,json:application/json. Default: the id's extension with the body's media type."),
        ],
        Headers = [new(SessionCalls.LeaseHeader, "The lease of the claim.")],
        Consumes = ["*/*"],
        Body = typeof(byte[]),
        LargeBody = true,
        Replies =
        [
            new(200, "The output, durable and visible.", typeof(OutputResource)), new(404, "The session is unknown."), new(409, "The lease is over."),
            new(507, "The store has no room."),
        ],
    };

    private static async Task AnswerAsync(ApiCall call)
    {
        var outputId = call.RouteValue("outputId");
        if (!JobNames.IsOutput(outputId)) throw new ApiProblemException(ApiProblem.BadParameter("outputId", "An output's id is 1 to 128 letters, digits, '.', '_' and '-'."));
        var fileName = QueryParameters.Text(call.Request, "fileName") ?? outputId;
        if (fileName.Length > 255 || fileName.AsSpan().ContainsAny("/\\\r\n\0")) throw QueryParameters.Bad("fileName", "A file name has at most 255 characters and no folder.");
        var ticket = await call.TicketAsync();
        var output = await call.Api.Sessions.Source.Reports.PublishAsync(ticket, new OutputDraft(outputId, fileName, Formats(call, outputId)), call.Aborted);
        await call.JsonAsync(200, call.Map.Output(ticket.Key.Id, output), ErrandJsonContext.Default.OutputResource);
    }

    private static List<OutputFormatDraft> Formats(ApiCall call, string outputId)
    {
        var named = QueryParameters.Words(call.Request, "formats").Select(Split).ToList();
        if (MediaTypes.Matches(call.Request.ContentType, [Multipart])) return Parts(call, named);
        if (named.Count > 1) throw QueryParameters.Bad("formats", $"Several formats are the parts of a {Multipart} body.");
        var extension = Path.GetExtension(outputId).TrimStart('.');
        var (format, type) = named.Count == 1 ? named[0] : (extension.Length > 0 ? extension : "bin", call.Request.ContentType ?? "application/octet-stream");
        return [new OutputFormatDraft(format, type, (file, cancellationToken) => call.Request.Body.CopyToAsync(file, cancellationToken))];
    }

    private static List<OutputFormatDraft> Parts(ApiCall call, List<(string Format, string ContentType)> named)
    {
        if (named.Count == 0) throw QueryParameters.Bad("formats", "A multipart body needs formats=csv:text/csv,json:application/json.");
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(call.Request.ContentType).Boundary).ToString();
        if (boundary.Length == 0) throw new ApiProblemException(ApiProblem.BadParameter("Content-Type", "A multipart body needs a boundary."));
        var reader = new MultipartReader(boundary, call.Request.Body);
        return [.. named.Select(n => new OutputFormatDraft(n.Format, n.ContentType, (file, cancellationToken) => CopyPartAsync(reader, n.Format, file, cancellationToken)))];
    }

    private static async Task CopyPartAsync(MultipartReader reader, string format, Stream file, CancellationToken cancellationToken)
    {
        var part = await reader.ReadNextSectionAsync(cancellationToken)
            ?? throw new ApiProblemException(ApiProblem.Invalid("#", $"The part for the format '{format}' is missing."));
        await part.Body.CopyToAsync(file, cancellationToken);
    }

    private static (string Format, string ContentType) Split(string word)
    {
        var at = word.IndexOf(':', StringComparison.Ordinal);
        return at < 0 ? (word, "application/octet-stream") : (word[..at], word[(at + 1)..]);
    }
}
