using System.Text;

namespace Errand.Handlers;

/// <summary>How many items were done, those of earlier attempts included.</summary>
internal sealed class BatchCounts
{
    private long _succeeded;
    private long _failed;

    public long Failed => Interlocked.Read(ref _failed);

    public long Total => Interlocked.Read(ref _succeeded) + Failed;

    public void Add(JobItemStatus status) => Interlocked.Increment(ref status is JobItemStatus.Succeeded ? ref _succeeded : ref _failed);

    public byte[] ToJson() => Encoding.UTF8.GetBytes($$"""{"total":{{Total}},"succeeded":{{Total - Failed}},"failed":{{Failed}}}""");
}
