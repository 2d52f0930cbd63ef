using System.Diagnostics;

namespace Errand.Handlers;

/// <summary>A running program with everything that it started.</summary>
internal sealed class CommandProcess(Process process, ProcessTies ties, string mark, TimeSpan killGrace, TimeProvider time) : IDisposable
{
    // After the last process is gone its pipes end by themselves; only what hides from us could hold them open.
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Feeds it, listens to it and waits for its end, or ends it. When this returns nothing of it runs any more. The exit code, 128 and
    /// the signal's number if a signal ended it.
    /// </summary>
    public async Task<int> RunAsync(ReadOnlyMemory<byte> input, CommandDialogue dialogue, CancellationToken stop)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var talking = Task.WhenAll(
            FeedAsync(input),
            ListenAsync(process.StandardOutput.BaseStream, dialogue.OnOutputAsync, broken),
            ListenAsync(process.StandardError.BaseStream, dialogue.OnErrorAsync, broken));
        try
        {
            await process.WaitForExitAsync(broken.Token);
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            await EndAsync();
        }
        finally
        {
            KillRest();
        }

        await process.WaitForExitAsync(CancellationToken.None);
        await talking.WaitAsync(PipePatience, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (talking.IsFaulted) await talking;
        return process.ExitCode;
    }

    public void Dispose() => process.Dispose();

    /// <summary>Asks it to end, then kills it.</summary>
    private async Task EndAsync()
    {
        if (ties.HasGroup) Signals.TerminateGroup(process.Id);
        else process.Kill(entireProcessTree: true);
        var exit = process.WaitForExitAsync(CancellationToken.None);
        await exit.WaitAsync(killGrace, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void KillRest()
    {
        // The group's number stays taken while a member lives, and is given out again only after a full round of all numbers.
        if (ties.HasGroup) Signals.KillGroup(process.Id);
        else if (!process.HasExited) process.Kill(entireProcessTree: true);
        MarkedProcesses.Kill(mark);
    }

    /// <summary>A program that is not heard any more would wait for ever with its pipe full: it is ended.</summary>
    private static async Task ListenAsync(Stream stream, Func<ReadOnlyMemory<byte>, bool, ValueTask> onLine, CancellationTokenSource broken)
    {
        try
        {
            await new LineReader(stream).ReadAsync(onLine);
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task FeedAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, CancellationToken.None);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading all of it: its own business.
        }
    }
}
