using Microsoft.Extensions.DependencyInjection;

namespace Errand.Handlers.Tests;

/// <summary>What this executable does when <see cref="CommandKillTests"/> starts it a second time: runs a program until it is killed.</summary>
internal static class KilledHost
{
    public const string Argument = "run-until-killed";

    public static async Task RunAsync(string folder)
    {
        var options = new CommandHandlerOptions { Command = ["sh", "job.sh"], Folder = folder, WorkRoot = WorkRootOf(folder) };
        await using var handler = Registered.With(errand => errand.AddCommandType("test.job", options));
        await handler.RunAsync(new FakeContext());
    }

    public static string WorkRootOf(string folder) => Path.Combine(folder, "work");
}
