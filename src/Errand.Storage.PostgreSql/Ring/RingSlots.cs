namespace Errand.Storage.PostgreSql;

/// <summary>
/// Which tables of the ring new rows of waiting jobs go to, as this node saw it last. It may be a turn behind: a table is emptied only once it is
/// locked and seen to hold nothing, so that a row that comes to it late does no harm.
/// </summary>
internal sealed class RingSlots
{
    public const int OfNow = 4;
    public const int All = 6;

    /// <summary>What is due later than this lies apart, so that it does not keep a table of the ring from being emptied.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    // One number, read without a lock: the table of now, and that of later times eight.
    private volatile int _slots = OfNow * 8;

    public short Now => (short)(_slots % 8);

    public short Later => (short)(_slots / 8);

    public void Set(short now, short later) => _slots = (later * 8) + now;

    /// <summary>The table for a job that begins to wait.</summary>
    public short For(JobHead head) => head.DueAt - head.UpdatedAt > Soon ? Later : Now;
}
