using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

// These tests wait for clients that wait between their polls.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.All, MaxThreads = 8)]

namespace Errand.ForeignClients.Tests;

/// <summary>One of the scripts in <c>Clients</c>, run by Node: it is given a task and answers in lines of JSON.</summary>
internal sealed class NodeProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _patience = new(Patience, TimeProvider.System);

    private NodeProgram(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts a script.</summary>
    public static NodeProgram Start(string script, JsonObject task)
    {
        var folder = Folder();
        var (wanted, installed) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", ".installed-from"));
        Assert.True(
            File.Exists(installed) && File.ReadAllText(installed) == File.ReadAllText(wanted),
            "The Node packages of tests/ForeignClients are not installed as its package-lock.json says. Run: make restore");
        return new NodeProgram(Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "Clients", script), task.ToJsonString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Runs a script to its end and gives every line.</summary>
    public static async Task<IReadOnlyList<JsonNode>> RunAsync(string script, JsonObject task)
    {
        await using var program = Start(script, task);
        List<JsonNode> lines = [];
        while (await program.NextAsync() is { } line) lines.Add(line);
        return lines;
    }

    /// <summary>The next line; null when the script has ended well.</summary>
    public async Task<JsonNode?> NextAsync()
    {
        try
        {
            if (await _process.StandardOutput.ReadLineAsync(_patience.Token) is { } line) return JsonNode.Parse(line);
            await _process.WaitForExitAsync(_patience.Token);
        }
        catch (OperationCanceledException e)
        {
            _process.Kill();
            throw new TimeoutException($"The script has said nothing new after {Patience}: {await _errors}", e);
        }

        Assert.True(_process.ExitCode == 0, $"node ended with {_process.ExitCode}: {await _errors}");
        return null;
    }

    /// <summary>Reads on to the first line that has a member.</summary>
    public async Task<JsonNode> NextAsync(string member)
    {
        while (true)
        {
            var line = await NextAsync();
            Assert.True(line is not null, $"The script has ended without saying '{member}'.");
            if (line[member] is not null) return line;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _patience.Dispose();
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, ".."));
}
