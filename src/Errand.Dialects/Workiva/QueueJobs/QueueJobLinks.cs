using System.Buffers.Binary;
using System.Text;
using Errand.AspNetCore;

namespace Errand.Dialects.Workiva;

/// <summary>
/// URLs of outputs that need no credentials: a client that follows a 303 may have dropped them. The text in the query names tenant, output and end, sealed for the one job; what it grants is
/// that one file.
/// </summary>
internal sealed class QueueJobLinks(WorkivaOptions options)
{
    /// <summary>The URL of what a succeeded job gave – its result, or else its first output; null when there is none.</summary>
    public async ValueTask<string?> ForAsync(DialectCall call, Job job)
    {
        if (job.Head.State is not JobState.Succeeded) return null;
        var output = "";
        if (!job.Head.HasResult)
        {
            var outputs = await call.Contents.ListOutputsAsync(job.Head.Id, call.Aborted);
            if (outputs.Count == 0) return null;
            output = outputs[0].Id;
        }

        var content = Encoding.UTF8.GetBytes($"12345678{job.Head.Tenant}\n{output}");
        BinaryPrimitives.WriteInt64BigEndian(content, (call.Now + options.LinkLifetime).UtcTicks);
        var token = await call.SealAsync(PurposeOf(job.Head.Id), content);
        return $"{call.BaseUrl}{QueueJobRoutes.Path}/{job.Head.Id}/output?token={token}";
    }

    /// <summary>What the URL of the request leads to; null when it is not there any more.</summary>
    /// <exception cref="DialectProblemException">403: the token is missing, another job's, or over.</exception>
    /// <exception cref="JobProblemException">The job is purged.</exception>
    public static async ValueTask<OutputContent?> OpenAsync(DialectCall call, JobId id)
    {
        var content = call.Request.Query["token"] is [{ } token] ? await call.UnsealAsync(PurposeOf(id), token) : null;
        if (content is null || BinaryPrimitives.ReadInt64BigEndian(content) <= call.Now.UtcTicks) throw Refused();
        var parts = Encoding.UTF8.GetString(content.AsSpan(8)).Split('\n');
        var contents = call.Clients.ContentsFor(new JobCaller(parts[0], "link") { SeesAll = true });
        return parts[1].Length == 0 ? await contents.OpenResultAsync(id, call.Aborted) : await contents.OpenOutputAsync(id, parts[1], format: null, call.Aborted);
    }

    private static string PurposeOf(JobId id) => $"workiva\nqueue-job output\n{id}";

    private static DialectProblemException Refused() =>
        new(new DialectProblem(403, JobProblems.Unauthenticated, "The token of this URL is not valid, or not any more. Ask for the job again and take its next_url."));
}
