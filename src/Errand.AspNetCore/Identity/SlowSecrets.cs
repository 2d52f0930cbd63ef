using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Errand.AspNetCore;

/// <summary>
/// Checks passwords. Hashing one takes a tenth of a second, so one that was right is remembered for a minute; few are hashed at once; and whoever guesses wrong ten times within a
/// minute is not listened to for the rest of it, so that guessing costs the guesser and not this server.
/// </summary>
internal sealed class SlowSecrets(TimeProvider time) : IDisposable
{
    private const int Capacity = 10_000;
    private const int GuessesMax = 10;
    private static readonly TimeSpan Term = TimeSpan.FromMinutes(1);

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, long> right = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Name, string Origin), (int Count, long Since)> wrong = new();
    private readonly SemaphoreSlim hashing = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>True for the right one.</summary>
    /// <param name="name">Whose it is.</param>
    /// <param name="origin">Where the request came from: guesses are counted by name and origin, so that nobody can lock somebody else out.</param>
    /// <param name="hash">What it must match; null when the name is unknown, which must take as long as a wrong one.</param>
    /// <param name="text">What was sent.</param>
    /// <param name="cancellationToken">Ends the wait for a turn.</param>
    public async ValueTask<bool> MatchesAsync(string name, string origin, string? hash, string text, CancellationToken cancellationToken)
    {
        var proof = Proof(name, hash, text);
        if (right.TryGetValue(proof, out var since) && time.GetElapsedTime(since) < Term) return true;
        if (IsRefused((name, origin))) return false;
        await hashing.WaitAsync(cancellationToken);
        try
        {
            // Asked again: those that waited meanwhile were guesses too.
            if (IsRefused((name, origin))) return false;
            if (SecretHashes.Matches(hash ?? Nobodys, text) && hash is not null) return Remember(proof);
            Count((name, origin));
            return false;
        }
        finally
        {
            hashing.Release();
        }
    }

    public void Dispose() => hashing.Dispose();

    private static string Nobodys { get; } = SecretHashes.OfPassword(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));

    private bool Remember(string proof)
    {
        if (right.Count >= Capacity) right.Clear();
        right[proof] = time.GetTimestamp();
        return true;
    }

    private bool IsRefused((string Name, string Origin) who) =>
        wrong.TryGetValue(who, out var guesses) && guesses.Count >= GuessesMax && time.GetElapsedTime(guesses.Since) < Term;

    private void Count((string Name, string Origin) who)
    {
        if (wrong.Count >= Capacity) wrong.Clear();
        var now = time.GetTimestamp();
        wrong.AddOrUpdate(who, (1, now), (_, guesses) => time.GetElapsedTime(guesses.Since, now) < Term ? (guesses.Count + 1, guesses.Since) : (1, now));
    }

    // Bound to the hash too: a changed password is not remembered any more. The key keeps memory dumps from telling passwords.
    private string Proof(string name, string? hash, string text) => Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{name}\n{hash}\n{text}")));
}
