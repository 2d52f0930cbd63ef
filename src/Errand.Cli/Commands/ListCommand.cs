using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Jobs;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand list [FILTER]</c>: jobs, newest first.</summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var filter = new Argument<string[]>("filter")
        {
            Description = "What they must match: status:failed type:report.* (see 'errand help filters')",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var limit = new Option<int>("--limit")
        {
            Description = "At most this many; 0 for all (default 50)",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        return new ClientVerb(
            terminal, "list", "List jobs, newest first.", "errand list status:running,queued",
            "errand list \"status:failed created:<2h\" -o id | xargs errand retry")
        {
            filter, limit,
        }.Does(async (run, cancellationToken) =>
        {
            var now = run.Terminal.Time.GetUtcNow();
            var text = string.Join(' ', run.Get(filter));
            if (!JobFilterParser.TryParse(text, now, out _, out var error)) throw new CliException(
                ExitCodes.Usage, $"the filter \"{text}\": {error}");
            var page = run.Get(limit) is > 0 and < 200 and var size ? size : 200;
            var jobs = run.Client.ListAsync(text.Length == 0 ? null : text, page, cancellationToken);
            var count = await run.Print.ManyAsync(
                Listing.First(jobs, run.Get(limit), run), job => job.Id, JobView.Headings, job => JobView.Row(job, now));
            if (count == 0) run.Note(text.Length == 0 ? "No jobs yet. Submit one: errand submit TYPE" : "No job matches.");
            return ExitCodes.Ok;
        });
    }
}
