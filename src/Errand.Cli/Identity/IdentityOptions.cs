using System.CommandLine;
using Errand.AspNetCore;

namespace Errand.Cli.Identity;

/// <summary>Options that tell who somebody is and what they may do.</summary>
internal static class IdentityOptions
{
    public static Option<string?> Tenant() => new("--tenant") { Description = $"The tenant (default: {JobNames.DefaultTenant})", HelpName = "NAME" };

    public static Option<string?> Scopes() => new("--scopes")
    {
        Description = $"What it may do (default: \"{string.Join(' ', ErrandScopes.Default)}\")",
        HelpName = "\"A B\"",
    };

    public static Option<string?> Roles() => new("--roles")
    {
        Description = $"Its roles, of {string.Join(", ", ErrandRoles.All)}: admin sees and may do everything of its tenant",
        HelpName = "\"A B\"",
    };

    /// <summary>What is written with spaces or commas between.</summary>
    public static string[] Words(string? text) => text?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Makes something; what was asked for wrongly is told as a mistake of the command line.</summary>
    public static async Task<T> CheckedAsync<T>(Func<ValueTask<T>> make)
    {
        try
        {
            return await make();
        }
        catch (ArgumentException e)
        {
            throw new CliException(ExitCodes.Usage, e.Message.Split(" (Parameter")[0]);
        }
    }
}
