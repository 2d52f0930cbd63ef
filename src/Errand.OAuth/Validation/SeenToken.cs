using Errand.AspNetCore;

namespace Errand.OAuth;

/// <summary>A token whose signature was found right, with the caller that it made last.</summary>
internal sealed class SeenToken(ProvenToken proven)
{
    private Caller? last;

    public ProvenToken Proven => proven;

    /// <summary>The caller, made anew when the client is another one than before. A client that nothing happened to is the same object.</summary>
    public ErrandPrincipal As(KnownClient? client, Func<KnownClient?, ErrandPrincipal> make)
    {
        if (Volatile.Read(ref last) is { } caller && ReferenceEquals(caller.Client, client)) return caller.Principal;
        var fresh = new Caller(client, make(client));
        Volatile.Write(ref last, fresh);
        return fresh.Principal;
    }

    private sealed record Caller(KnownClient? Client, ErrandPrincipal Principal);
}
