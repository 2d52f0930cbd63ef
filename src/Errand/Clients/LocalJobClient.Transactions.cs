using System.Data.Common;
using Errand.Storage;

namespace Errand.Clients;

internal sealed partial class LocalJobClient
{
    public async ValueTask<SubmitReceipt> SubmitAsync(JobSubmission submission, DbTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var store = parts.Enlisted.Store ?? throw new InvalidOperationException(
            $"The store '{parts.Storage.Name}' cannot submit in a transaction of the app. SQLite and PostgreSQL can: services.AddErrand().UseSqlite(\"data\") or .UsePostgreSql(\"Host=…\").");

        // The transaction is what makes it happen once: no key is needed.
        var draft = await CheckAsync(submission, NoKeyNeeded, cancellationToken);
        var job = parts.Submitter.Build(caller, draft);
        var enlistment = await store.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, job.Head.CreatedAt), transaction, cancellationToken);
        var outcome = enlistment.Jobs[0];
        if (outcome.Kind == SubmitKind.Created) parts.Enlisted.Watch(enlistment);
        var reply = await Replies.OfAsync(BatchKind.Stored, outcome, job, draft, "#", cancellationToken);
        return reply.Receipt ?? throw new JobProblemException(reply.Problem!);
    }
}
