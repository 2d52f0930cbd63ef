using System.Numerics;

namespace Errand.Torture.Histories;

/// <summary>
/// Whether calls that overlapped can be put in one order, each at an instant between its begin and its answer, in which a machine that does one thing at a time
/// answers all of them as they were answered. The search is that of Wing and Gong, with Lowe's memory of places where it has been.
/// </summary>
internal static class Linearizability
{
    /// <summary>True when there is such an order.</summary>
    /// <param name="calls">The calls, in any order.</param>
    /// <param name="initial">The machine before the first.</param>
    /// <param name="apply">The machine after a call; null when it would not have answered so.</param>
    public static bool Holds<TState, TCall>(IReadOnlyList<Call<TCall>> calls, TState initial, Func<TState, TCall, TState?> apply)
        where TState : class
    {
        var head = Link(calls);
        var (state, placed) = (initial, BigInteger.Zero);
        var been = new HashSet<(BigInteger, TState)>();
        var tried = new Stack<(Mark Begin, TState Before)>();
        var mark = head.Next;
        while (mark is not null)
        {
            if (mark.Begins)
            {
                var bit = BigInteger.One << mark.Call;
                if (apply(state, calls[mark.Call].What) is { } next && been.Add((placed | bit, next)))
                {
                    tried.Push((mark, state));
                    (state, placed) = (next, placed | bit);
                    mark.Lift();
                    mark = head.Next;
                }
                else
                {
                    mark = mark.Next;
                }

                continue;
            }

            // The first answer that is not accounted for: of a call without one, it may never have come, and everything else has its place.
            if (calls[mark.Call].Ended is null) return true;
            if (!tried.TryPop(out var last)) return false;
            state = last.Before;
            placed &= ~(BigInteger.One << last.Begin.Call);
            last.Begin.Unlift();
            mark = last.Begin.Next;
        }

        return true;
    }

    private static Mark Link<TCall>(IReadOnlyList<Call<TCall>> calls)
    {
        var marks = new List<(long At, Mark Mark)>();
        for (var i = 0; i < calls.Count; i++)
        {
            var (begin, end) = (new Mark(i, begins: true), new Mark(i, begins: false));
            begin.Answer = end;
            marks.Add((calls[i].Begun, begin));
            marks.Add((calls[i].Ended ?? long.MaxValue, end));
        }

        // At one and the same tick calls begin before others end: they may have overlapped, and are given the benefit of the doubt.
        var head = new Mark(-1, begins: false);
        var last = head;
        foreach (var (_, mark) in marks.OrderBy(one => one.At).ThenBy(one => !one.Mark.Begins))
        {
            (last.Next, mark.Previous) = (mark, last);
            last = mark;
        }

        return head;
    }

    /// <summary>The begin or the answer of a call, in a list that is ordered by time.</summary>
    private sealed class Mark(int call, bool begins)
    {
        public int Call => call;

        public bool Begins => begins;

        public Mark? Answer { get; set; }

        public Mark? Next { get; set; }

        public Mark? Previous { get; set; }

        /// <summary>Takes the begin and its answer out of the list.</summary>
        public void Lift()
        {
            Out();
            Answer!.Out();
        }

        public void Unlift()
        {
            Answer!.In();
            In();
        }

        private void Out()
        {
            Previous!.Next = Next;
            if (Next is not null) Next.Previous = Previous;
        }

        private void In()
        {
            Previous!.Next = this;
            if (Next is not null) Next.Previous = this;
        }
    }
}
