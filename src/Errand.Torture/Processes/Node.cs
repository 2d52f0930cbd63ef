namespace Errand.Torture.Processes;

/// <summary>One server, always on the same port, with a clock of its own.</summary>
internal sealed class Node(ChildProcess process, Uri url, PushedClock clock) : IAsyncDisposable
{
    public ChildProcess Process => process;

    public Uri Url => url;

    public PushedClock Clock => clock;

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        clock.Dispose();
    }
}
