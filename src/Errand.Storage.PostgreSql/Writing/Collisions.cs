using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>What another node wrote between a look and the write that rests on it: the write was rolled back, and another look shows it.</summary>
internal static class Collisions
{
    private const int TriesAtMost = 10;

    public static async ValueTask<T> TryAgainAsync<T>(Func<ValueTask<T>> write)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await write();
            }
            catch (StorageException exception) when (tries < TriesAtMost && IsCollision(exception))
            {
                // Another node was first.
            }
        }
    }

    private static bool IsCollision(StorageException exception) => exception.InnerException is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    };
}
