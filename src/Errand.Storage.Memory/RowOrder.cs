namespace Errand.Storage.Memory;

/// <summary>The orders of the indexes; the sequence breaks every tie.</summary>
internal static class RowOrder
{
    public static readonly IComparer<JobRow> Due = By(row => row.Head.DueAt.UtcTicks);
    public static readonly IComparer<JobRow> Deadline = By(row => row.Head.Deadline!.Value.UtcTicks);
    public static readonly IComparer<JobRow> Expiry = By(row => row.Head.ExpiresAt!.Value.UtcTicks);
    public static readonly IComparer<JobRow> Token = By(row => row.Head.Token);

    private static Comparer<JobRow> By(Func<JobRow, long> key) => Comparer<JobRow>.Create((left, right) =>
        key(left).CompareTo(key(right)) is var order and not 0 ? order : left.Head.Sequence.CompareTo(right.Head.Sequence));
}
