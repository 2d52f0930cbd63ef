namespace Errand.Handlers;

/// <summary>What a line of a program's output says: a closed set.</summary>
internal abstract record CommandSaid
{
    private CommandSaid()
    {
    }

    public sealed record Progress(JobProgress Value) : CommandSaid;

    public sealed record Item(JobItem Value) : CommandSaid;

    public sealed record Message(JobSeverity Severity, string Text, int? Source = null) : CommandSaid;

    public sealed record Result(ReadOnlyMemory<byte> Json) : CommandSaid;

    /// <summary>A result over the limit.</summary>
    public sealed record TooLarge : CommandSaid
    {
        public static TooLarge Instance { get; } = new();
    }
}
