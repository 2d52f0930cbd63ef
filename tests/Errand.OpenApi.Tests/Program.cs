using Errand.OpenApi.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests as the generated entry point would, or is the app that the build-time generator runs to see its endpoints; it gives the app's name and nothing else.
if (args is [var name] && name.StartsWith("--applicationName=", StringComparison.Ordinal))
{
    await DocumentedApp.Build(args).RunAsync();
    return 0;
}

return args.Contains("--server", StringComparer.Ordinal)
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
