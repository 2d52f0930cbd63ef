using System.CommandLine;
using Errand.AspNetCore;
using Errand.Cli.Clients;
using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Cli.Identity;

namespace Errand.Cli.Commands;

/// <summary><c>errand token …</c>: access tokens, straight in the data folder, whether its server runs or not.</summary>
internal static class TokenCommand
{
    public static Command Create(Terminal terminal) =>
        new Verb("token", "Make, list and revoke access tokens, in the data folder itself.",
            "errand token create --subject ci --data /var/lib/errand -o id", "errand token list --data /var/lib/errand")
        {
            Make(terminal), List(terminal), Revoke(terminal),
        };

    private static StoreVerb Make(Terminal terminal)
    {
        var subject = new Option<string>("--subject")
        {
            Description = "Who it is: the owner of the jobs it submits",
            HelpName = "NAME",
            Required = true,
        };
        var (tenant, scopes, roles) = (IdentityOptions.Tenant(), IdentityOptions.Scopes(), IdentityOptions.Roles());
        var expires = JobArguments.Duration("--expires", "End by itself after this time: 90d");
        return new StoreVerb(
            terminal, "create", "Make a token. It is shown once: only a hash of it is kept.",
            "errand token create --subject ci --data DIR -o id",
            "errand token create --subject ops --roles admin --expires 90d --data DIR") { subject, tenant, scopes, roles, expires }
            .Does(async (run, cancellationToken) =>
            {
                var wanted = new NewToken(run.Parse.GetRequiredValue(subject))
                {
                    Tenant = run.Get(tenant) ?? JobNames.DefaultTenant,
                    Scopes = IdentityOptions.Words(run.Get(scopes)),
                    Roles = IdentityOptions.Words(run.Get(roles)),
                    ExpiresAt = run.Get(expires) is { } time ? terminal.Time.GetUtcNow() + time : null,
                };
                var created = await IdentityOptions.CheckedAsync(() => run.Store.Tokens.CreateAsync(wanted, cancellationToken));
                var token = TokenResource.From(created.Stored, created.Text);
                run.Print.One(token, created.Text, () => Show(token, terminal));
                return ExitCodes.Ok;
            });
    }

    private static StoreVerb List(Terminal terminal) =>
        new StoreVerb(terminal, "list", "List the tokens, without their secrets.", "errand token list --data DIR",
            "errand token list --data DIR -o json").Does(async (run, cancellationToken) =>
        {
            var now = terminal.Time.GetUtcNow();
            var all = (await run.Store.Tokens.ListAsync(cancellationToken)).Select(token => TokenResource.From(token)).ToAsyncEnumerable();
            await run.Print.ManyAsync(
                all, token => token.Id, ["id", "subject", "tenant", "scopes", "state", "created"], token => Row(token, now));
            return ExitCodes.Ok;
        });

    private static StoreVerb Revoke(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "The token's id, as 'errand token list' shows it, or the token itself" };
        return new StoreVerb(
            terminal, "revoke", "End a token. A running server refuses it within a second.",
            "errand token revoke 3f2a9c0d1e4b5a67 --data DIR", "errand token revoke ID --data DIR -o id") { id }
            .Does(async (run, cancellationToken) =>
            {
                var name = IdOf(run.Get(id));
                if (!await run.Store.Tokens.RevokeAsync(name, cancellationToken)) throw new CliException(
                    ExitCodes.NotFound, $"there is no token '{name}' that could be revoked. 'errand token list' shows them.");
                if (run.Print.Format is OutputFormat.Id) terminal.Out.WriteLine(name);
                else terminal.Error.WriteLine($"Revoked {name}.");
                return ExitCodes.Ok;
            });
    }

    private static void Show(TokenResource token, Terminal terminal)
    {
        var facts = new Facts(terminal);
        facts.Add("id", token.Id);
        facts.Add("subject", token.Subject);
        facts.Add("tenant", token.Tenant);
        facts.Add("scopes", string.Join(' ', token.Scopes.Count == 0 ? ErrandScopes.Default : token.Scopes));
        facts.Add("roles", string.Join(' ', token.Roles));
        facts.Add("expires", token.ExpiresAt is { } end ? When.At(end) : null);
        facts.Add("token", Paint.Bold(token.Token!));
        terminal.Error.WriteLine("Keep the token now: it is not shown again.");
    }

    private static Paint[] Row(TokenResource token, DateTimeOffset now) =>
    [
        token.Id, token.Subject, token.Tenant, string.Join(' ', token.Scopes.Count == 0 ? ErrandScopes.Default : token.Scopes),
        token.RevokedAt is not null ? Paint.Word("revoked") : token.ExpiresAt <= now ? Paint.Word("expired")
            : Paint.Word("ok"), When.At(token.CreatedAt),
    ];

    private static string IdOf(string text) => text.StartsWith("errand_", StringComparison.Ordinal) && text.Split('_') is [_, var id, ..]
        ? id : text;
}
