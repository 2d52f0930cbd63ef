using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// When a table may be locked again. A try that has to give up holds everybody up for as long as it waits, and whoever was in its way – a dump, a transaction
/// that is left open – is likely to be there still: each refusal doubles the pause.
/// </summary>
internal sealed class LockTries(TimeProvider time)
{
    private const int DoublingsAtMost = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    private int _refusals;
    private long _refusedAt;

    public bool MayTry => _refusals == 0 || time.GetElapsedTime(_refusedAt) >= FirstPause * (1 << Math.Min(_refusals - 1, DoublingsAtMost));

    public void Succeeded() => _refusals = 0;

    public void Refused() => (_refusals, _refusedAt) = (_refusals + 1, time.GetTimestamp());

    /// <summary>True for a failure that says no more than that somebody else was there.</summary>
    public static bool IsRefusal(StorageException exception) => exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };
}
