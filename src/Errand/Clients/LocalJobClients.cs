namespace Errand.Clients;

internal sealed class LocalJobClients(EngineParts parts) : IJobClients
{
    public IJobClient For(JobCaller caller) => new LocalJobClient(parts, caller);

    public IJobContents ContentsFor(JobCaller caller) => new LocalJobContents(parts, caller);
}
