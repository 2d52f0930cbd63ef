using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Errand.EntityFrameworkCore;

/// <summary>The jobs of one context that wait for its next save. Emptied when the context goes back to its pool.</summary>
internal sealed class PendingJobs : IResettableService
{
    private readonly List<SubmittedJob> _jobs = [];

    public bool IsEmpty => _jobs.Count == 0;

    /// <summary>What was set before a save of ours set it; null while none is under way.</summary>
    public AutoTransactionBehavior? FormerBehavior { get; set; }

    /// <summary>True once the jobs are in the transaction of the save that is under way.</summary>
    public bool AreWritten { get; set; }

    public void Add(SubmittedJob job) => _jobs.Add(job);

    public void Clear()
    {
        _jobs.Clear();
        AreWritten = false;
    }

    /// <summary>Tells what is wrong before any row is written.</summary>
    public async Task CheckAsync(IJobClients clients, CancellationToken cancellationToken)
    {
        foreach (var job in _jobs) await clients.For(job.Caller).ValidateAsync(job.Submission, cancellationToken);
    }

    public async Task WriteAsync(IJobClients clients, DbTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var job in _jobs) job.Receipt = await clients.For(job.Caller).SubmitAsync(job.Submission, transaction, cancellationToken);
        AreWritten = true;
    }

    public void ResetState()
    {
        Clear();
        FormerBehavior = null;
    }

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        ResetState();
        return Task.CompletedTask;
    }
}
