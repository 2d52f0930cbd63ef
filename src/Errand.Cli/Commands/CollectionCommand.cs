using System.CommandLine;
using Errand.AspNetCore;
using Errand.Cli.Identity;
using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Storage;

namespace Errand.Cli.Commands;

/// <summary><c>errand collection …</c>: what is shared with whom, straight in the data folder, whether its server runs or not.</summary>
internal static class CollectionCommand
{
    public static Command Create(Terminal terminal) =>
        new Verb("collection", "Share types and schedules with users, in the data folder itself.",
            "errand collection create finance --member ada --type sales.totals --data DIR", "errand collection list --data DIR")
        {
            Make(terminal), List(terminal),
            Change(terminal, "add", "Add members, types and schedules to a collection.", (held, more) => [.. held.Union(more, StringComparer.Ordinal)]),
            Change(terminal, "remove", "Take members, types and schedules out of a collection.", (held, less) => [.. held.Except(less, StringComparer.Ordinal)]),
            Delete(terminal),
        };

    private static StoreVerb Make(Terminal terminal)
    {
        var (name, what) = (Name(), new Contents());
        return new StoreVerb(
            terminal, "create", "Make a collection: its members see the jobs of its types and schedules.",
            "errand collection create finance --member ada --member bob --type sales.totals --data DIR", "errand collection create night --schedule nightly --data DIR") { name, what.Tenant, what.Members, what.Types, what.Schedules }
            .Does(async (run, cancellationToken) =>
            {
                var (tenant, called) = (what.TenantOf(run), run.Get(name));
                RefuseConfigured(run, tenant, called);
                what.Check(run);
                var wanted = what.Apply(run, new JobCollection(tenant, called, 1, [], [], []), (_, given) => [.. given.Distinct(StringComparer.Ordinal)]);
                if (!await IdentityOptions.CheckedAsync(() => run.Store.Collections.CreateAsync(wanted, cancellationToken)))
                    throw new CliException(ExitCodes.Conflict, $"there is a collection '{called}' already. Change it with: errand collection add {called} …");
                Show(run, wanted, terminal);
                return ExitCodes.Ok;
            });
    }

    private static StoreVerb List(Terminal terminal) =>
        new StoreVerb(terminal, "list", "List the collections of the folder and of the configuration.", "errand collection list --data DIR", "errand collection list --data DIR -o json")
            .Does(async (run, cancellationToken) =>
            {
                var stored = (await run.Store.Collections.ListAsync(cancellationToken)).Where(collection => !IsConfigured(run, collection.Tenant, collection.Name));
                await run.Print.ManyAsync(
                    run.Config.Collections.Select(CollectionResource.From).Concat(stored.Select(CollectionResource.From)).ToAsyncEnumerable(), collection => collection.Name,
                    ["name", "tenant", "members", "types", "schedules", "source"],
                    collection => [collection.Name, collection.Tenant, Join(collection.Members), Join(collection.Types), Join(collection.Schedules), collection.Source]);
                return ExitCodes.Ok;
            });

    private static StoreVerb Change(
        Terminal terminal, string verb, string description, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        var (name, what) = (Name(), new Contents());
        return new StoreVerb(terminal, verb, description, $"errand collection {verb} finance --member eve --data DIR",
            $"errand collection {verb} finance --type sales.totals --schedule nightly --data DIR") { name, what.Tenant, what.Members, what.Types, what.Schedules }
            .Does(async (run, cancellationToken) =>
            {
                var (tenant, called) = (what.TenantOf(run), run.Get(name));
                RefuseConfigured(run, tenant, called);
                what.Check(run, needsAny: true);
                var changed = await run.Store.Collections.ChangeAsync(tenant, called, held => what.Apply(run, held, change), cancellationToken);
                Show(run, changed ?? throw Unknown(called), terminal);
                return ExitCodes.Ok;
            });
    }

    private static StoreVerb Delete(Terminal terminal)
    {
        var (name, tenant) = (Name(), IdentityOptions.Tenant());
        return new StoreVerb(terminal, "delete", "Delete a collection. Types, schedules and jobs stay; they are shared no more, within a second.", "errand collection delete finance --data DIR",
            "errand collection delete finance --tenant acme --data DIR") { name, tenant }
            .Does(async (run, cancellationToken) =>
            {
                var called = run.Get(name);
                var of = run.Get(tenant) ?? JobNames.DefaultTenant;
                RefuseConfigured(run, of, called);
                if (!await run.Store.Collections.RemoveAsync(of, called, cancellationToken)) throw Unknown(called);
                if (run.Print.Format is OutputFormat.Id) terminal.Out.WriteLine(called);
                else terminal.Error.WriteLine($"Deleted {called}.");
                return ExitCodes.Ok;
            });
    }

    private static Argument<string> Name() => new("name") { Description = "The collection's name: letters, digits, dots, dashes, underscores" };

    private static bool IsConfigured(StoreRun run, string tenant, string name) => run.Config.Collections.Any(collection => collection.Tenant == tenant && collection.Name == name);

    private static void RefuseConfigured(StoreRun run, string tenant, string name)
    {
        if (IsConfigured(run, tenant, name)) throw new CliException(ExitCodes.Conflict, $"the collection '{name}' is the configuration's: change it there, and restart the server.");
    }

    private static CliException Unknown(string name) => new(ExitCodes.NotFound, $"there is no collection '{name}'. 'errand collection list' shows them.");

    private static void Show(StoreRun run, JobCollection collection, Terminal terminal) => run.Print.One(CollectionResource.From(collection), collection.Name, () =>
    {
        var facts = new Facts(terminal);
        facts.Add("name", collection.Name);
        facts.Add("tenant", collection.Tenant);
        facts.Add("members", Join(collection.Members));
        facts.Add("types", Join(collection.Types));
        facts.Add("schedules", Join(collection.Schedules));
    });

    private static string Join(IReadOnlyList<string> words) => string.Join(' ', words);

    /// <summary>What is put in or taken out.</summary>
    private sealed class Contents
    {
        public Option<string?> Tenant { get; } = IdentityOptions.Tenant();

        public Option<string[]> Members { get; } = Many("--member", "A subject: a client, a user, the subject of a token");

        public Option<string[]> Types { get; } = Many("--type", "A job type");

        public Option<string[]> Schedules { get; } = Many("--schedule", "A schedule");

        public string TenantOf(StoreRun run) => run.Get(Tenant) ?? JobNames.DefaultTenant;

        public void Check(StoreRun run, bool needsAny = false)
        {
            string[] names = [.. run.Get(Types)!, .. run.Get(Schedules)!];
            if (names.FirstOrDefault(name => !JobNames.IsTypeOrQueue(name)) is { } wrong)
                throw new CliException(ExitCodes.Usage, $"'{wrong}' can be no name of a type or a schedule: small letters, digits, dots, dashes and underscores are expected, beginning with a letter.");
            if (needsAny && names.Length + run.Get(Members)!.Length == 0) throw new CliException(ExitCodes.Usage, "nothing is named. Add --member, --type or --schedule.");
        }

        public JobCollection Apply(StoreRun run, JobCollection held, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change) => held with
        {
            Members = change(held.Members, run.Get(Members)!),
            Types = change(held.Types, run.Get(Types)!),
            Schedules = change(held.Schedules, run.Get(Schedules)!),
        };

        private static Option<string[]> Many(string name, string description) => new(name)
        {
            Description = $"{description}; may be given several times",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
    }
}
