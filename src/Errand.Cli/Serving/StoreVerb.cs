using System.CommandLine;
using Errand.AspNetCore;
using Errand.Cli.Commands;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Server;

namespace Errand.Cli.Serving;

/// <summary>A command that works on a data folder itself, with or without its server.</summary>
internal sealed class StoreVerb(Terminal terminal, string name, string description, params string[] examples)
    : Verb(name, description, examples)
{
    private readonly Option<DirectoryInfo?> _data = ServeOptions.Data();
    private readonly Option<FileInfo?> _config = ServeOptions.Config();
    private readonly Option<OutputFormat> _output = PrintOptions.Output();

    /// <summary>What it does with the tokens of the folder.</summary>
    public StoreVerb Does(Func<ParseResult, AccessTokens, Printer, CancellationToken, Task<int>> run)
    {
        Options.Add(_output);
        Options.Add(_data);
        Options.Add(_config);
        SetAction(async (parse, cancellationToken) =>
        {
            await using var store = await TokenStore.OpenAsync(
                ServeOptions.Folder(parse.GetValue(_data)), ServeOptions.Load(parse.GetValue(_config), terminal).Storage, terminal.Time,
                cancellationToken);
            return await run(parse, store.Tokens, new Printer(terminal, parse.GetValue(_output)), cancellationToken);
        });
        return this;
    }
}
