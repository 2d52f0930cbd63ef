using Errand.AspNetCore.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests as the generated entry point would, or is the other process of one of them.
if (args is [ExportNode.Argument, var folder])
{
    await ExportNode.RunAsync(folder);
    return 0;
}

return args.Contains("--server", StringComparer.Ordinal)
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
