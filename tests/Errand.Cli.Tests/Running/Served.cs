namespace Errand.Cli.Tests;

/// <summary>A running <c>errand serve</c> (or <c>dev</c>), in this process, on a port of its own.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly TextWriter _printed;
    private readonly Task<Ran> _run;

    private Served(string[] args)
    {
        _printed = TextWriter.Synchronized(_text);
        _run = Ran.Async(args, terminal => terminal with { Out = _printed, Listening = url => Listening.TrySetResult(url) }, cancellationToken: _stop.Token);
    }

    public Uri Url => Listening.Task.Result;

    /// <summary>What it has printed so far.</summary>
    public string Printed
    {
        get
        {
            // The synchronized writer locks itself while it writes, and its own ToString does not tell the text.
            lock (_printed) return _text.ToString();
        }
    }

    private TaskCompletionSource<Uri> Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts and returns once it listens; what ends before that is thrown.</summary>
    public static async Task<Served> StartAsync(params string[] args)
    {
        var served = new Served([.. args, "--urls", "http://127.0.0.1:0"]);
        if (await Task.WhenAny(served.Listening.Task, served._run) == served._run) throw new InvalidOperationException(
            (await served._run).ToString());
        return served;
    }

    /// <summary>Asks it to stop in good order.</summary>
    public async Task<Ran> StopAsync()
    {
        await _stop.CancelAsync();
        return (await _run) with { Out = Printed };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
