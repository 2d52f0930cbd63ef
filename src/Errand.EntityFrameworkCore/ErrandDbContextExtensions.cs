using System.Text.Json;
using Errand;
using Errand.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Submits jobs with the entities of a context.</summary>
public static class ErrandDbContextExtensions
{
    /// <summary>
    /// Submits a job with the next <c>SaveChanges</c>: in its transaction, or in the one that is open then. The job is there if and only if that commits. What is wrong with it is thrown by
    /// <c>SaveChanges</c>, and then nothing is saved.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="submission">The job. A queue, a unique key and the like go here.</param>
    /// <param name="caller">Whose job it is. Default: the app's own, <see cref="JobCaller.System"/>.</param>
    /// <returns>The id that the job will have, and after the save what became of it.</returns>
    /// <exception cref="InvalidOperationException">The context's options lack <c>UseErrand</c>.</exception>
    public static SubmittedJob SubmitJob(this DbContext context, JobSubmission submission, JobCaller? caller = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(submission);
        var extension = context.GetService<IDbContextOptions>().FindExtension<ErrandOptionsExtension>() ?? throw new InvalidOperationException(
            $"{context.GetType().Name} knows no Errand. Say so in its options: AddDbContext<{context.GetType().Name}>((provider, options) => options.….UseErrand(provider)).");
        var id = submission.Id ?? JobId.New(extension.Time.GetUtcNow());
        var job = new SubmittedJob(submission with { Id = id }, caller ?? JobCaller.System(), id);
        context.GetService<PendingJobs>().Add(job);
        return job;
    }

    /// <summary>Submits a job with an input; see <see cref="SubmitJob(DbContext, JobSubmission, JobCaller?)"/>.</summary>
    /// <param name="context">The context.</param>
    /// <param name="type">The type: <c>order.confirm</c>.</param>
    /// <param name="input">The input, written as JSON as for the web: camel case.</param>
    /// <param name="caller">Whose job it is. Default: the app's own, <see cref="JobCaller.System"/>.</param>
    public static SubmittedJob SubmitJob<TInput>(this DbContext context, string type, TInput input, JobCaller? caller = null) =>
        context.SubmitJob(new JobSubmission { Type = type, Input = JsonSerializer.SerializeToUtf8Bytes(input, JsonSerializerOptions.Web) }, caller);
}
