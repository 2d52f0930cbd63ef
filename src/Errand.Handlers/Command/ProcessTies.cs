using Microsoft.Extensions.Logging;

namespace Errand.Handlers;

/// <summary>
/// How a program is tied to this process: <c>setpriv</c> has the kernel kill it when this process dies, <c>setsid</c> gives it a process
/// group of its own, so that what it starts can be killed with it. .NET itself does neither on Linux.
/// </summary>
internal sealed partial class ProcessTies
{
    private readonly string[] _before;

    public ProcessTies(ILogger<ProcessTies> logger)
        : this(CommandLine.InPath("setpriv"), CommandLine.InPath("setsid"), logger)
    {
    }

    internal ProcessTies(string? setpriv, string? setsid, ILogger logger)
    {
        _before = (setpriv, setsid) switch
        {
            (not null, not null) => [setpriv, "--pdeathsig", "KILL", setsid],
            (null, not null) => [setsid],
            _ => [],
        };
        HasGroup = setsid is not null;
        if (!HasGroup) LogNoGroup(logger);
        else if (setpriv is null) LogNoDeathSignal(logger);
    }

    /// <summary>Whether a program leads a process group of its own, whose number is its process id.</summary>
    public bool HasGroup { get; }

    public IReadOnlyList<string> Tie(IReadOnlyList<string> command) => [.. _before, .. command];

    [LoggerMessage(1320, LogLevel.Warning, "There is no 'setpriv' here: programs of command types outlive a crash of this process until the next start reaps them. Install util-linux.")]
    private static partial void LogNoDeathSignal(ILogger logger);

    [LoggerMessage(1321, LogLevel.Warning, "There is no 'setsid' here: what programs of command types start is killed with them only as far as it can be found. Install util-linux.")]
    private static partial void LogNoGroup(ILogger logger);
}
