namespace Errand.Cli.Terminals;

/// <summary>Everything outside that a command touches. Data goes to <see cref="Out"/>, the rest to <see cref="Error"/>.</summary>
internal sealed record Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>The same place as <see cref="Out"/>, for bytes. Flush <see cref="Out"/> before.</summary>
    public required Func<Stream> OpenOut { get; init; }

    /// <summary>Somebody looks at what <see cref="Out"/> prints: words may be coloured.</summary>
    public bool OutIsScreen { get; init; }

    /// <summary>Somebody looks at what <see cref="Error"/> prints: a bar may move.</summary>
    public bool ErrorIsScreen { get; init; }

    /// <summary>Somebody types what <see cref="In"/> reads.</summary>
    public bool InIsScreen { get; init; }

    /// <summary>Columns of the screen.</summary>
    public int Width { get; init; } = 120;

    /// <summary>Environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told where a server listens, once it does.</summary>
    public Action<Uri>? Listening { get; init; }

    public string? Variable(string name) => Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The terminal of this process.</summary>
    public static Terminal System()
    {
        var plain = !string.IsNullOrEmpty(global::System.Environment.GetEnvironmentVariable("NO_COLOR"))
            || global::System.Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            OpenOut = Console.OpenStandardOutput,
            OutIsScreen = !plain && !Console.IsOutputRedirected,
            ErrorIsScreen = !plain && !Console.IsErrorRedirected,
            InIsScreen = !Console.IsInputRedirected,
            Width = Console.IsOutputRedirected ? 120 : Math.Max(40, Console.WindowWidth),
            Environment = Variables(),
        };
    }

    private static Dictionary<string, string> Variables() =>
        global::System.Environment.GetEnvironmentVariables().Cast<global::System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
