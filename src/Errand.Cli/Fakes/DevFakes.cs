using System.CommandLine;
using Errand.Cli.Terminals;
using Errand.Server;
using Errand.Server.Configuration;
using Errand.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Cli.Fakes;

/// <summary>The stand-ins of <c>errand dev --fake</c>.</summary>
internal sealed class DevFakes(IReadOnlyList<string> vendors, FileInfo? seed)
{
    // Soon enough for people who watch.
    private static readonly TimeSpan MoveEvery = TimeSpan.FromMilliseconds(250);

    public bool Any => vendors.Count > 0;

    public static Option<string[]> Option() => new("--fake")
    {
        Description = $"Stand in for vendors, with scripted jobs: {string.Join(',', VendorNames.All)}",
        HelpName = "VENDORS",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result =>
        {
            string[] named = [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
            foreach (var fault in named.Select(VendorNames.FaultOf).OfType<string>()) result.AddError($"--fake: {fault}");
            return named;
        },
    };

    public static Option<FileInfo?> Seed() => new("--seed")
    {
        Description = "Jobs that the stand-ins know from the start: a JSON file of the vendors' own answers",
        HelpName = "FILE",
    };

    /// <summary>A wire has one owner: either the stand-in or the configuration.</summary>
    public void Check(ServerConfig config)
    {
        if (seed is not null && !Any) throw new CliException(ExitCodes.Usage, "--seed is for stand-ins. Say for which vendors: --fake zendesk.");
        var twice = vendors.FirstOrDefault(vendor => config.Dialects.Any(dialect => NameOf(dialect) == vendor));
        if (twice is not null)
        {
            throw new CliException(ExitCodes.Usage, $"the configuration already serves {twice} from its own types. Take \"{twice}\" out of its \"dialects\", or leave --fake {twice} out.");
        }
    }

    public void AddTo(IErrandBuilder errand)
    {
        if (!Any) return;
        try
        {
            errand.AddFakeVendors(vendors, new FakeVendorOptions { MoveEvery = MoveEvery, Seed = seed is null ? null : File.ReadAllText(seed.FullName) });
        }
        catch (FormatException e)
        {
            throw new CliException(ExitCodes.Usage, $"{seed!.Name}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"--seed {seed!.FullName} cannot be read: {e.Message}");
        }
    }

    public void MapTo(WebApplication app)
    {
        if (!Any) return;
        app.MapFakeVendors();
        app.MapFakeVendorScripts();
    }

    /// <summary>Prints what a shell needs to aim the vendors' clients here.</summary>
    public async Task GreetAsync(IServiceProvider services, string url, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!Any) return;
        var known = await services.PrepareFakeVendorsAsync(cancellationToken);
        foreach (var (name, value) in vendors.SelectMany(vendor => VariablesOf(vendor, url, known))) await terminal.Out.WriteLineAsync($"export {name}={value}");
        terminal.Error.WriteLine($"Stands in for {string.Join(", ", vendors)}. Script the next job: errand fake script {vendors[0]} after 3 polls complete");
    }

    private static IEnumerable<(string Name, string Value)> VariablesOf(string vendor, string url, VendorCredentials known) => vendor switch
    {
        VendorNames.Zendesk => [("ZENDESK_URL", url), ("ZENDESK_EMAIL", known.Email), ("ZENDESK_TOKEN", known.Token), ("ZENDESK_PASSWORD", known.Password)],
        VendorNames.Workiva => [("WORKIVA_URL", url), ("WORKIVA_TOKEN", known.Token), .. ClientOf("WORKIVA", known)],
        _ => [("ALTERYX_URL", url + "/webapi"), ("ALTERYX_TOKEN", known.Token), .. ClientOf("ALTERYX", known), ("ALTERYX_WORKFLOW_ID", VendorCredentials.WorkflowId)],
    };

    // Of no use to an executable that gives no tokens for them.
    private static IEnumerable<(string Name, string Value)> ClientOf(string vendor, VendorCredentials known) =>
        ErrandServer.HasOAuth ? [($"{vendor}_CLIENT_ID", known.ClientId), ($"{vendor}_CLIENT_SECRET", known.ClientSecret)] : [];

    private static string NameOf(DialectConfig config) => config switch
    {
        ZendeskConfig => VendorNames.Zendesk,
        WorkivaConfig => VendorNames.Workiva,
        _ => VendorNames.Alteryx,
    };
}
