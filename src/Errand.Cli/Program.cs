using Errand.Cli;
using Errand.Cli.Terminals;

return args is ["--version"] ? VersionLine.Print(Console.Out) : await CliApp.RunAsync(args, Terminal.System());
