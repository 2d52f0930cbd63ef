using System.Diagnostics;

namespace Errand.Peers.Bench;

/// <summary>Programs that are run to their end.</summary>
internal static class Processes
{
    /// <summary>Runs one and returns what it printed; throws with that when it fails or takes too long.</summary>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, TimeSpan limit, string? plan = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/tmp" };
        if (plan is not null) start.Environment["PEERS_PLAN"] = plan;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException error)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{Path.GetFileName(file)} was ended after {limit.TotalSeconds} seconds. It had said: {Tail(await output + await errors)}", error);
        }

        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{Path.GetFileName(file)} ended with {process.ExitCode}: {Tail(await output + await errors)}");
    }

    public static bool Exists(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Tail(string text) => text.Trim() is { Length: > 600 } cut ? "…" + cut[^600..] : text.Trim();
}
