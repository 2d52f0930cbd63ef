using System.Security.Cryptography;
using Errand.Work;

namespace Errand.Outputs;

/// <summary>Decides where a result lies: in its row, in an output, or nowhere because it is too large.</summary>
internal sealed class ResultPlacer(IJobReports reports)
{
    /// <summary>Results up to here lie in the row of the job.</summary>
    public const int RowMax = 64 * 1024;

    /// <summary>Results over this fail the attempt before anything is stored.</summary>
    public const int ResultMax = 20 * 1024 * 1024;

    /// <summary>The output that holds a result which is too large for its row.</summary>
    public const string OutputId = "_result";

    public ValueTask<(
        JobOutcome Outcome, JobResult? Result)> PlaceAsync(JobTicket ticket, JobOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome is not JobOutcome.Succeeded { Result.Length: > 0 } succeeded) return new((outcome, null));
        return succeeded.Result.Length switch
        {
            > ResultMax => new((TooLarge(succeeded.Result.Length), null)),
            > RowMax => SpillAsync(ticket, succeeded, cancellationToken),
            _ => new((outcome, new JobResult(succeeded.ContentType, succeeded.Result, null, succeeded.Result.Length,
            Digest(succeeded.Result.Span), succeeded.StatusCode))),
        };
    }

    private async ValueTask<(
        JobOutcome Outcome, JobResult? Result)> SpillAsync(JobTicket ticket, JobOutcome.Succeeded outcome,
        CancellationToken cancellationToken)
    {
        var format = new OutputFormatDraft(
            outcome.ContentType == "application/json" ? "json" : "bin", outcome.ContentType, async (stream,
            token) => await stream.WriteAsync(outcome.Result, token));
        try
        {
            var output = await reports.PublishAsync(
                ticket, new OutputDraft(OutputId, $"result.{format.Format}", [format]), cancellationToken);
            var stored = output.Formats[0];
            return (outcome, new JobResult(stored.ContentType, default, output.Id, stored.Size, stored.Digest, outcome.StatusCode));
        }
        catch (LeaseLostException)
        {
            return (outcome, null);
        }
    }

    private static JobOutcome.Failed TooLarge(long size) => new(new JobError(
        JobErrorCodes.ResultTooLarge, $"The result has {size:N0} bytes; at most {ResultMax:N0} are stored. Publish it as an output instead."));

    private static string Digest(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return ContentDigest.Format(hash);
    }
}
