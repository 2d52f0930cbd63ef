using CsCheck;
using Errand.Torture.Histories;

namespace Errand.Torture.Tests;

/// <summary>The search itself, on a machine that everybody knows: a register that is written and read.</summary>
public sealed class LinearizabilityTests
{
    private const int Zero = 0;

    [Fact]
    public void Reads_after_a_write_see_it()
    {
        Assert.True(Holds(Write(1, 2, 7), Read(3, 4, 7)));
        Assert.False(Holds(Write(1, 2, 7), Read(3, 4, Zero)));
    }

    [Fact]
    public void A_read_that_overlaps_a_write_may_see_either()
    {
        Assert.True(Holds(Write(1, 4, 7), Read(2, 3, 7)));
        Assert.True(Holds(Write(1, 4, 7), Read(2, 3, Zero)));
    }

    [Fact]
    public void Two_readers_may_not_disagree_about_the_order()
    {
        Assert.False(Holds(Write(1, 10, 7), Read(2, 3, 7), Read(4, 5, Zero)));
        Assert.True(Holds(Write(1, 10, 7), Read(2, 3, Zero), Read(4, 5, 7)));
    }

    [Fact]
    public void A_call_without_an_answer_may_have_its_effect_late_or_never()
    {
        Assert.True(Holds(Write(1, null, 7), Read(5, 6, Zero), Read(7, 8, 7)));
        Assert.True(Holds(Write(1, null, 7), Read(5, 6, Zero)));
        Assert.False(Holds(Write(1, null, 7), Read(5, 6, 7), Read(7, 8, Zero)));
        Assert.False(Holds(Write(5, null, 7), Read(1, 2, 7)));
    }

    /// <summary>The search agrees with trying every order, on histories too small to be clever about.</summary>
    [Fact]
    public void It_finds_an_order_exactly_when_there_is_one() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 5], Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 9])
            .Select((begin, length, writes, value, fate) => new Call<Op>(begin, fate == 0 ? null : begin + length, new Op(writes, value)))
            .List[0, 6]
            .Sample(calls => Holds([.. calls]) == HoldsInSomeOrder(calls), iter: 20_000);

    private static bool Holds(params Call<Op>[] calls) => Linearizability.Holds(calls, new Register(Zero), Apply);

    private static Register? Apply(Register now, Op op) => op.Writes ? new Register(op.Value) : now.Value == op.Value ? now : null;

    private static bool HoldsInSomeOrder(IReadOnlyList<Call<Op>> calls)
    {
        return Try(new Register(Zero), [.. calls]);

        static bool Try(Register now, List<Call<Op>> left)
        {
            if (left.TrueForAll(call => call.Ended is null)) return true;
            return left.Exists(call =>
                left.TrueForAll(other => other == call || other.Ended is not { } ended || ended >= call.Begun)
                && Apply(now, call.What) is { } next
                && Try(next, [.. left.Where(other => !ReferenceEquals(other, call))]));
        }
    }

    private static Call<Op> Write(long begun, long? ended, int value) => new(begun, ended, new Op(Writes: true, value));

    private static Call<Op> Read(long begun, long? ended, int value) => new(begun, ended, new Op(Writes: false, value));

    private sealed record Op(bool Writes, int Value);

    private sealed record Register(int Value);
}
