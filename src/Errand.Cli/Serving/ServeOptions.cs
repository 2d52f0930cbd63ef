using System.CommandLine;
using Errand.Cli.Terminals;
using Errand.Server.Configuration;

namespace Errand.Cli.Serving;

/// <summary>Options of the commands that open a data folder themselves.</summary>
internal static class ServeOptions
{
    /// <summary>The folder of a server that is told nothing.</summary>
    public const string DefaultData = "errand-data";

    public static Option<DirectoryInfo?> Data() => new("--data")
    {
        Description = $"The folder of the database and the outputs (default ./{DefaultData})",
        HelpName = "DIR",
    };

    public static Option<FileInfo?> Config() => new("--config")
    {
        Description = "The configuration (default ./errand.json, if it is there)",
        HelpName = "FILE",
    };

    public static Option<string[]> Urls() => new("--urls")
    {
        Description = $"Where to listen (default {ListenUrl.Default}); port 0 takes a free one",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result =>
        {
            string[] urls = [.. result.Tokens.SelectMany(
                token => token.Value.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            foreach (var url in urls.Where(url => !ListenUrl.IsValid(url))) result.AddError($"--urls: {ListenUrl.Explain(url)}.");
            return urls;
        },
    };

    /// <summary>Reads the configuration: the named file, or the one in the current folder, or none.</summary>
    public static ServerConfig Load(FileInfo? file, Terminal terminal)
    {
        if (file is null && File.Exists("errand.json")) file = new FileInfo("errand.json");
        return ServerConfig.Load(file?.FullName, terminal.Environment);
    }

    public static string Folder(DirectoryInfo? data) => data?.FullName ?? Path.GetFullPath(DefaultData);
}
