namespace Errand.OAuth;

/// <summary>Something that is made at the first need. What fails is tried again by the next who needs it.</summary>
internal sealed class Once<T>(Func<CancellationToken, Task<T>> make) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim making = new(1);
    private T? made;

    /// <summary>What was made; null before.</summary>
    public T? Made => Volatile.Read(ref made);

    public ValueTask<T> GetAsync(CancellationToken cancellationToken) => Made is { } there ? new ValueTask<T>(there) : MakeAsync(cancellationToken);

    public void Dispose() => making.Dispose();

    private async ValueTask<T> MakeAsync(CancellationToken cancellationToken)
    {
        await making.WaitAsync(cancellationToken);
        try
        {
            if (Made is { } there) return there;
            var fresh = await make(cancellationToken);
            Volatile.Write(ref made, fresh);
            return fresh;
        }
        finally
        {
            making.Release();
        }
    }
}
