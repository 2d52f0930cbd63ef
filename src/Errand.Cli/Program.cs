using Errand.Cli;
using Errand.Cli.Terminals;

if (args is ["--version"]) return VersionLine.Print(Console.Out);
using var signals = new StopSignals();
return await CliApp.RunAsync(args, Terminal.System(), signals.Token);
