using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Contracts;

namespace Errand.Cli.Commands;

/// <summary><c>errand items ID</c>: what became of each element of a batch.</summary>
internal static class ItemsCommand
{
    private const int TableLimit = 50;

    public static Command Create(Terminal terminal)
    {
        var id = JobArguments.Id();
        var status = new Option<JobItemStatus?>("--status") { Description = "Only these: succeeded or failed", HelpName = "STATUS" };
        var limit = new Option<int?>("--limit")
        {
            Description = "At most this many; 0 for all (default 50 as a table, else all)",
            HelpName = "N",
        };
        return new ClientVerb(
            terminal, "items", "Show what became of each item of a job.", "errand items ID --status failed",
            "errand items ID -o jsonl > items.jsonl")
        {
            id, status, limit,
        }.Does(async (run, cancellationToken) =>
        {
            var most = run.Get(limit) ?? (run.Print.IsTable ? TableLimit : 0);
            var items = run.Client.ItemsAsync(run.Get(id), run.Get(status), most is > 0 and < 200 ? most : 200, cancellationToken);
            var count = await run.Print.ManyAsync(
                Listing.First(items, most, run), item => item.Key, ["index", "key", "status", "outcome"], item => Row(item, run.Terminal));
            if (count == 0) run.Note("No items.");
            return ExitCodes.Ok;
        });
    }

    private static Paint[] Row(ItemResource item, Terminal terminal)
    {
        var outcome = item.Error is { } error ? $"{error.Code}: {error.Message}" : item.Result?.ToString() ?? "";
        var room = Math.Max(40, terminal.Width - 60);
        var shown = outcome.Length <= room ? outcome : $"{outcome[..(room - 1)]}…";
        return [$"{item.Index}", item.Key, Paint.Word(WireWords.Of(item.Status)), shown];
    }
}
