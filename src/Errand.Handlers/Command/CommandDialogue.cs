using System.Text;

namespace Errand.Handlers;

/// <summary>Passes on what a program says, as it says it: the program waits when Errand cannot take more.</summary>
internal sealed class CommandDialogue(JobContext context) : IAsyncDisposable
{
    private readonly ItemWriter _items = new(context);

    /// <summary>Raised when nothing can be reported any more.</summary>
    public CancellationToken Broken => _items.Failed;

    /// <summary>The last result that it gave.</summary>
    public ReadOnlyMemory<byte>? Result { get; private set; }

    /// <summary>True when a result was over the limit and could not be kept.</summary>
    public bool ResultTooLarge { get; private set; }

    /// <summary>The last line of standard error: mostly the reason of a failure.</summary>
    public string? LastWarning { get; private set; }

    public async ValueTask OnOutputAsync(ReadOnlyMemory<byte> line, bool cut)
    {
        switch (CommandProtocol.Read(line, cut))
        {
            case CommandSaid.Progress said:
                // From here on the program's own counts are shown; those of the items are added where it gives none.
                _items.Reports = false;
                context.Report(said.Value with { Failed = said.Value.Failed ?? _items.Counts?.Failed });
                break;
            case CommandSaid.Item said:
                await _items.AddAsync(said.Value, CancellationToken.None);
                break;
            case CommandSaid.Message said:
                await context.LogAsync(said.Severity, said.Text, said.Source);
                break;
            case CommandSaid.Result said:
                Result = said.Json;
                break;
            case CommandSaid.TooLarge:
                ResultTooLarge = true;
                break;
        }
    }

    public ValueTask OnErrorAsync(ReadOnlyMemory<byte> line, bool cut)
    {
        LastWarning = Encoding.UTF8.GetString(line.Span) + (cut ? "…" : "");
        return context.LogAsync(JobSeverity.Warning, LastWarning);
    }

    public Task CompleteAsync() => _items.CompleteAsync();

    public ValueTask DisposeAsync() => _items.DisposeAsync();
}
