namespace Errand.Client.Waiting;

/// <summary>
/// How long to pause where the server does not say: decorrelated jitter from half a second to fifteen, so that a thousand clients that
/// began together do not go on together.
/// </summary>
internal sealed class Pace(Func<double> chance)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _last = First;

    /// <summary>The next pause: somewhere between the shortest one and three times the last one.</summary>
    public TimeSpan Next()
    {
        var next = First + ((_last * 3) - First) * chance();
        return _last = next < Longest ? next : Longest;
    }

    /// <summary>Begins again with short pauses: something happened.</summary>
    public void Reset() => _last = First;
}
