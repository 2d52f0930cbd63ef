using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand types</c>: what can be submitted, and whether anybody runs it.</summary>
internal static class TypesCommand
{
    public static Command Create(Terminal terminal) =>
        new ClientVerb(terminal, "types", "List the types that can be submitted.", "errand types", "errand types -o json").Does(
            async (run, cancellationToken) =>
        {
            var count = await run.Print.ManyAsync(
                run.Client.TypesAsync(cancellationToken), type => type.Name, ["name", "handler", "queue", "workers", "description"], Row);
            if (count == 0) run.Note("The server knows no types. Declare them in its errand.json under \"types\".");
            return ExitCodes.Ok;
        });

    private static Paint[] Row(JobTypeResource type) =>
        [type.Name, type.Handler, type.Queue, type.Workers == 0 ? Paint.Warning("none") : $"{type.Workers}", type.Description];
}
