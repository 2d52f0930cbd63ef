using System.CommandLine;
using Errand.Cli.Commands;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Server;
using Errand.Server.Configuration;

namespace Errand.Cli.Serving;

/// <summary>A command that works on a data folder itself, with or without its server.</summary>
internal sealed class StoreVerb(Terminal terminal, string name, string description, params string[] examples)
    : Verb(name, description, examples)
{
    private readonly Option<DirectoryInfo?> _data = ServeOptions.Data();
    private readonly Option<FileInfo?> _config = ServeOptions.Config();
    private readonly Option<OutputFormat> _output = PrintOptions.Output();

    /// <summary>What it does with the folder.</summary>
    public StoreVerb Does(Func<StoreRun, CancellationToken, Task<int>> run)
    {
        Options.Add(_output);
        Options.Add(_data);
        Options.Add(_config);
        SetAction(async (parse, cancellationToken) =>
        {
            var config = ServeOptions.Load(parse.GetValue(_config), terminal);
            await using var store = await IdentityStore.OpenAsync(ServeOptions.Folder(parse.GetValue(_data)), config.Storage, terminal.Time, cancellationToken);
            return await run(new StoreRun(parse, store, config, new Printer(terminal, parse.GetValue(_output))), cancellationToken);
        });
        return this;
    }
}

/// <summary>One run of such a command.</summary>
internal sealed record StoreRun(ParseResult Parse, IdentityStore Store, ServerConfig Config, Printer Print)
{
    public T? Get<T>(Option<T> option) => Parse.GetValue(option);

    public T Get<T>(Argument<T> argument) => Parse.GetRequiredValue(argument);
}
