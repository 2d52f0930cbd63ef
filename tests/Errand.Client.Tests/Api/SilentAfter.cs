using System.Text;

namespace Errand.Client.Tests;

/// <summary>A connection that says something and then nothing, without ending.</summary>
internal sealed class SilentAfter(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position == Length) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return await base.ReadAsync(buffer, cancellationToken);
    }
}
