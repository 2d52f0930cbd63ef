using System.CommandLine;
using Errand.AspNetCore;
using Errand.Cli.Identity;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand hash</c>: what stands in the configuration in place of a secret.</summary>
internal static class HashCommand
{
    public static Command Create(Terminal terminal)
    {
        var random = new Option<bool>("--random") { Description = "Make a secret, and show it beside its hash" };
        var output = PrintOptions.Output();
        return new Verb("hash", "Hash a password or a secret for errand.json. It is read from standard input.",
            "errand hash < password.txt", "errand hash --random") { random, output }
            .Does(async (parse, cancellationToken) =>
            {
                var print = new Printer(terminal, parse.GetValue(output));
                var made = parse.GetValue(random) ? Random() : new HashResource(SecretHashes.OfPassword(await ReadAsync(terminal, cancellationToken)), null);
                print.One(made, made.Hash, () => Show(made, terminal));
                return ExitCodes.Ok;
            });
    }

    private static HashResource Random()
    {
        var secret = SecretHashes.NewSecret();
        return new HashResource(SecretHashes.OfRandomSecret(secret), secret);
    }

    private static async Task<string> ReadAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        if (terminal.InIsScreen) terminal.Error.WriteLine("Type the secret and press Enter; it is shown as you type.");
        var line = await terminal.In.ReadLineAsync(cancellationToken);
        return string.IsNullOrEmpty(line) ? throw new CliException(ExitCodes.Usage, "standard input holds no secret. Write one line to it, or let one be made: errand hash --random.") : line;
    }

    private static void Show(HashResource made, Terminal terminal)
    {
        if (made.Secret is null)
        {
            terminal.Out.WriteLine(made.Hash);
            return;
        }

        var facts = new Facts(terminal);
        facts.Add("secret", Paint.Bold(made.Secret));
        facts.Add("hash", made.Hash);
        terminal.Error.WriteLine("Keep the secret now: it is not shown again.");
    }
}
