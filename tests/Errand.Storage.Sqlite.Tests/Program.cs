using Errand.Storage.Sqlite.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests as the generated entry point would, or is a process that one of them kills or takes the room from.
if (args is [KilledProcess.Argument, var folder])
{
    await KilledProcess.RunAsync(folder);
    return 0;
}

if (args is [KilledTransactions.Argument, var shared])
{
    await KilledTransactions.RunAsync(shared);
    return 0;
}

if (args is [FailingCommitProcess.Argument, var small])
{
    await FailingCommitProcess.RunAsync(small);
    return 0;
}

return args.Contains("--server", StringComparer.Ordinal)
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
