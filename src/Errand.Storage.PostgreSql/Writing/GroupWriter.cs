using System.Threading.Channels;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Drains what came meanwhile into one transaction and tells nobody before its commit returned. When a group fails, each of its members is
/// tried again by itself, so that only the one to blame fails; an outcome that nobody knows is everyone's.
/// </summary>
/// <typeparam name="TAsked">What callers ask for.</typeparam>
/// <typeparam name="TGiven">What each is answered.</typeparam>
internal sealed class GroupWriter<TAsked, TGiven> : IAsyncDisposable
{
    private const int RowsPerGroup = 4_000;

    private readonly Channel<Asked> _waiting = Channel.CreateUnbounded<Asked>();
    private readonly Func<IReadOnlyList<TAsked>, ValueTask<TGiven[]>> _run;
    private readonly Func<StorageException> _closed;
    private readonly Task _working;

    /// <param name="run">Runs a group; possibly more than once for the same members.</param>
    /// <param name="closed">What a caller is told after the end.</param>
    /// <param name="parallel">How many groups are under way at once.</param>
    public GroupWriter(Func<IReadOnlyList<TAsked>, ValueTask<TGiven[]>> run, Func<StorageException> closed, int parallel = 1)
    {
        (_run, _closed) = (run, closed);
        _working = Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(WorkAsync)));
    }

    /// <param name="asked">What to do.</param>
    /// <param name="rows">About how many rows it touches: what a group is bounded by.</param>
    /// <param name="cancellationToken">Honoured until the group is begun.</param>
    public ValueTask<TGiven> AskAsync(TAsked asked, int rows, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<TGiven>(cancellationToken);
        var one = new Asked(asked, rows, cancellationToken);
        return _waiting.Writer.TryWrite(one) ? new ValueTask<TGiven>(one.Done.Task) : ValueTask.FromException<TGiven>(_closed());
    }

    /// <summary>Ends after everything that was asked is done.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _working;
    }

    private async Task WorkAsync()
    {
        var group = new List<Asked>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // Those whom the last group answered are about to ask again, on this thread: they go first, and come along.
            await Task.Yield();
            for (var rows = 0; rows < RowsPerGroup && _waiting.Reader.TryRead(out var one); rows += one.Rows)
            {
                if (one.Stop.IsCancellationRequested) one.Done.TrySetCanceled(one.Stop);
                else group.Add(one);
            }

            if (group.Count > 0) await WriteAsync(group);
            group.Clear();
        }
    }

    private async ValueTask WriteAsync(List<Asked> group)
    {
        try
        {
            var given = await TryAsync(group);
            for (var i = 0; i < given.Length; i++) group[i].Done.TrySetResult(given[i]);
        }
        catch (StorageException exception) when (group.Count == 1 || exception is OutcomeUnknownException || !IsOfStatement(exception))
        {
            foreach (var one in group) one.Done.TrySetException(exception);
        }
        catch (Exception exception) when (group.Count == 1 && exception is not OutOfMemoryException)
        {
            group[0].Done.TrySetException(exception);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            foreach (var one in group.ToArray()) await WriteAsync([one]);
        }
    }

    private ValueTask<TGiven[]> TryAsync(List<Asked> group)
    {
        var asked = group.ConvertAll(one => one.What);
        return Collisions.TryAgainAsync(() => _run(asked));
    }

    /// <summary>An error that one of several statements may be to blame for; a lost connection is nobody's.</summary>
    private static bool IsOfStatement(StorageException exception) => exception.InnerException is Npgsql.PostgresException;

    private sealed record Asked(TAsked What, int Rows, CancellationToken Stop)
    {
        public TaskCompletionSource<TGiven> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
