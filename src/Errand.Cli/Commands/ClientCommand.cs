using System.CommandLine;
using Errand.AspNetCore;
using Errand.Cli.Clients;
using Errand.Cli.Identity;
using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand client …</c>: programs that get access tokens with an id and a secret, straight in the data folder, whether its server runs or not.</summary>
internal static class ClientCommand
{
    private static readonly TimeSpan OverlapDefault = TimeSpan.FromDays(1);

    public static Command Create(Terminal terminal) =>
        new Verb("client", "Make, list, rotate and revoke OAuth clients, in the data folder itself.",
            "errand client create ci --data /var/lib/errand -o id", "errand client list --data /var/lib/errand")
        {
            Make(terminal), List(terminal), Rotate(terminal), Revoke(terminal),
        };

    private static StoreVerb Make(Terminal terminal)
    {
        var id = Id();
        var (tenant, scopes, roles) = (IdentityOptions.Tenant(), IdentityOptions.Scopes(), IdentityOptions.Roles());
        return new StoreVerb(
            terminal, "create", "Make a client. Its secret is shown once: only a hash of it is kept.",
            "errand client create ci --data DIR -o id",
            "errand client create reports --tenant acme --scopes \"jobs.read data_tables|r\" --roles artisan --data DIR") { id, tenant, scopes, roles }
            .Does(async (run, cancellationToken) =>
            {
                var wanted = new NewClient(run.Get(id))
                {
                    Tenant = run.Get(tenant) ?? JobNames.DefaultTenant,
                    Scopes = IdentityOptions.Words(run.Get(scopes)),
                    Roles = IdentityOptions.Words(run.Get(roles)),
                };
                if (IsConfigured(run, wanted.Id)) throw new CliException(ExitCodes.Conflict, $"the configuration has a client '{wanted.Id}' already. Choose another id.");
                var created = await IdentityOptions.CheckedAsync(() => run.Store.Clients.CreateAsync(wanted, cancellationToken));
                Show(run, created, terminal);
                return ExitCodes.Ok;
            });
    }

    private static StoreVerb List(Terminal terminal) =>
        new StoreVerb(terminal, "list", "List the clients of the folder and of the configuration, without their secrets.", "errand client list --data DIR",
            "errand client list --data DIR -o json").Does(async (run, cancellationToken) =>
        {
            var now = terminal.Time.GetUtcNow();
            var stored = (await run.Store.Clients.ListAsync(cancellationToken)).Where(client => !IsConfigured(run, client.Id)).Select(client => ClientResource.From(client, now));
            await run.Print.ManyAsync(
                run.Config.Clients.Select(ClientResource.From).Concat(stored).ToAsyncEnumerable(), client => client.Id,
                ["id", "tenant", "scopes", "roles", "state", "secrets", "source", "created"], Row);
            return ExitCodes.Ok;
        });

    private static StoreVerb Rotate(Terminal terminal)
    {
        var id = Id();
        var overlap = JobArguments.Duration("--overlap", "How long the secret before holds still (default: 1d). 0s ends it, and every token that was given so far, at once");
        return new StoreVerb(
            terminal, "rotate", "Give a client a new secret. The one before holds on for a while, so that nothing breaks meanwhile.",
            "errand client rotate ci --data DIR -o id", "errand client rotate ci --overlap 0s --data DIR") { id, overlap }
            .Does(async (run, cancellationToken) =>
            {
                var name = run.Get(id);
                RefuseConfigured(run, name, "give it another secretHash there: errand hash --random");
                var rotated = await run.Store.Clients.RotateAsync(name, run.Get(overlap) ?? OverlapDefault, cancellationToken);
                Show(run, rotated ?? throw Unknown(name), terminal);
                return ExitCodes.Ok;
            });
    }

    private static StoreVerb Revoke(Terminal terminal)
    {
        var id = Id();
        return new StoreVerb(
            terminal, "revoke", "End a client and every access token of it. A running server refuses them within a second; the id stays taken.",
            "errand client revoke ci --data DIR", "errand client revoke ci --data DIR --config errand.json") { id }
            .Does(async (run, cancellationToken) =>
            {
                var name = run.Get(id);
                RefuseConfigured(run, name, "take it out there, and restart the server");
                if (!await run.Store.Clients.RevokeAsync(name, cancellationToken)) throw Unknown(name);
                if (run.Print.Format is OutputFormat.Id) terminal.Out.WriteLine(name);
                else terminal.Error.WriteLine($"Revoked {name}.");
                return ExitCodes.Ok;
            });
    }

    private static Argument<string> Id() => new("id") { Description = "The client's id: letters, digits, dots, dashes, underscores, at-signs" };

    private static bool IsConfigured(StoreRun run, string id) => run.Config.Clients.Any(client => client.Id == id);

    private static void RefuseConfigured(StoreRun run, string id, string fix)
    {
        if (IsConfigured(run, id)) throw new CliException(ExitCodes.Conflict, $"the client '{id}' is the configuration's: {fix}.");
    }

    private static CliException Unknown(string id) => new(ExitCodes.NotFound, $"there is no client '{id}' that still holds. 'errand client list' shows them.");

    private static void Show(StoreRun run, CreatedSecret created, Terminal terminal)
    {
        var client = ClientResource.From(created.Stored, terminal.Time.GetUtcNow(), created.Text);
        run.Print.One(client, created.Text, () =>
        {
            var facts = new Facts(terminal);
            facts.Add("id", client.Id);
            facts.Add("tenant", client.Tenant);
            facts.Add("scopes", ScopesOf(client));
            facts.Add("roles", string.Join(' ', client.Roles));
            facts.Add("former until", client.FormerSecretsEndAt is { } end ? When.At(end) : "");
            facts.Add("secret", Paint.Bold(created.Text));
            terminal.Error.WriteLine("Keep the secret now: it is not shown again.");
        });
    }

    private static Paint[] Row(ClientResource client) =>
    [
        client.Id, client.Tenant, ScopesOf(client), string.Join(' ', client.Roles), client.RevokedAt is null ? Paint.Word("ok") : Paint.Word("revoked"),
        client.FormerSecretsEndAt is { } end ? $"{client.Secrets}, former until {When.At(end)}" : $"{client.Secrets}", client.Source,
        client.CreatedAt is { } created ? When.At(created) : "",
    ];

    private static string ScopesOf(ClientResource client) => string.Join(' ', client.Scopes.Count == 0 ? ErrandScopes.Default : client.Scopes);
}
