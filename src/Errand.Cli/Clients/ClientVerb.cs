using System.CommandLine;
using Errand.Cli.Commands;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Client;

namespace Errand.Cli.Clients;

/// <summary>A command that talks to a server: knows which one, with which token, and how to print.</summary>
internal sealed class ClientVerb(Terminal terminal, string name, string description, params string[] examples)
    : Verb(name, description, examples)
{
    public const string DefaultUrl = "http://127.0.0.1:5230";

    // Somebody waits at a prompt: two short tries more, then the truth.
    private static readonly HttpJobClientOptions Manners = new() { Retries = 2 };

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The server (or ERRAND_URL; default {DefaultUrl})",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = new("--token") { Description = "The access token (or ERRAND_TOKEN)", HelpName = "TOKEN" };

    private readonly Option<OutputFormat> _output = PrintOptions.Output();

    /// <summary>What it does with a client; the number is the exit code.</summary>
    public ClientVerb Does(Func<ClientRun, CancellationToken, Task<int>> run)
    {
        Options.Add(_output);
        Options.Add(_url);
        Options.Add(_token);
        SetAction(async (parse, cancellationToken) =>
        {
            using var client = new ErrandClient(Server(parse), parse.GetValue(_token) ?? terminal.Variable("ERRAND_TOKEN"), Manners);
            return await run(new ClientRun(parse, terminal, client, new Printer(terminal, parse.GetValue(_output))), cancellationToken);
        });
        return this;
    }

    private Uri Server(ParseResult parse)
    {
        var text = parse.GetValue(_url) ?? terminal.Variable("ERRAND_URL") ?? DefaultUrl;
        return Uri.TryCreate(text, UriKind.Absolute, out var server)
            && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps)
            ? server
            : throw new CliException(ExitCodes.Usage, $"'{text}' is not the address of a server. Write it as {DefaultUrl}.");
    }
}

/// <summary>One run of such a command.</summary>
internal sealed record ClientRun(ParseResult Parse, Terminal Terminal, ErrandClient Errand, Printer Print)
{
    /// <summary>The whole API.</summary>
    public HttpJobClient Client => Errand.Api;

    /// <summary>The handle of a job.</summary>
    public JobHandle Job(string id) => Errand.Jobs.Get(id);

    public T? Get<T>(Option<T> option) => Parse.GetValue(option);

    public T Get<T>(Argument<T> argument) => Parse.GetRequiredValue(argument);

    /// <summary>Says something beside the data.</summary>
    public void Note(string text) => Terminal.Error.WriteLine(text);
}
