using Microsoft.Extensions.DependencyInjection;

namespace Errand.Handlers.Tests;

/// <summary>Real programs: a shell script in a folder that is gone afterwards.</summary>
internal sealed class CommandRig : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("errand-test-").FullName;

    public string WorkRoot => Path.Combine(Folder, "work");

    public FakeContext Context { get; } = new();

    public CommandHandlerOptions Options(string script, params string[] outputs)
    {
        File.WriteAllText(Path.Combine(Folder, "job.sh"), script);
        return new CommandHandlerOptions { Command = ["sh", "job.sh"], Folder = Folder, WorkRoot = WorkRoot, Outputs = outputs };
    }

    public Task<JobOutcome> RunAsync(string script, params string[] outputs) => RunAsync(Options(script, outputs));

    public async Task<JobOutcome> RunAsync(CommandHandlerOptions options, CancellationToken cancellationToken = default)
    {
        await using var handler = Registered.With(errand => errand.AddCommandType("test.job", options));
        return await handler.RunAsync(Context, cancellationToken);
    }

    /// <summary>Runs until the script has said a line, then cancels.</summary>
    public async Task CancelAfterAsync(CommandHandlerOptions options, string line)
    {
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(options, cancel.Token);
        while (!running.IsCompleted && !Context.Messages.Any(message => message.Text == line))
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
