using System.Text.Json;
using Errand.Cli.Terminals;

namespace Errand.Cli.Tests;

/// <summary>What a run of <c>errand</c> left behind.</summary>
public sealed record Ran(int Code, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Runs the command line in this process, with a terminal of its own.</summary>
    internal static async Task<Ran> Async(
        string[] args, Func<Terminal, Terminal>? adjust = null, string input = "", CancellationToken cancellationToken = default)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        await using var writer = new StreamWriter(output) { AutoFlush = true, NewLine = "\n" };
        error.NewLine = "\n";
        var terminal = new Terminal
        {
            Out = writer,
            Error = error,
            In = new StringReader(input),
            OpenOut = () => new Unclosed(output),
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        var code = await CliApp.RunAsync(args, adjust?.Invoke(terminal) ?? terminal, cancellationToken);
        return new Ran(code, System.Text.Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    public override string ToString() => $"exit code {Code}\n--- out\n{Out}\n--- error\n{Error}";

    // The command disposes what it opened; the test still reads it.
    private sealed class Unclosed(MemoryStream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
