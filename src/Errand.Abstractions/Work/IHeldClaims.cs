namespace Errand.Work;

/// <summary>
/// Compares what a worker says it holds with what the store says. They differ when the answer to a claim was lost on its way, or when a
/// worker has not heard yet that a claim is over.
/// </summary>
public interface IHeldClaims
{
    /// <summary>
    /// Called with a beat that names every claim the worker of the session knows of. A claim that two such beats in a row, at least
    /// a beat's time apart, do not name goes back to its queue without an attempt. Returns those of <paramref name="held"/> that are over.
    /// </summary>
    ValueTask<IReadOnlyCollection<JobTicket>> CompareAsync(
        SessionId session, IReadOnlyCollection<JobTicket> held, CancellationToken cancellationToken);
}
