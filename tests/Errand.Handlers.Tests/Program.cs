using Errand.Handlers.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests as the generated entry point would, or is the process that one of them kills.
if (args is [KilledHost.Argument, var folder])
{
    await KilledHost.RunAsync(folder);
    return 0;
}

return args.Contains("--server", StringComparer.Ordinal)
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
