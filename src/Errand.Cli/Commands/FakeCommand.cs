using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Fakes;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Testing;

namespace Errand.Cli.Commands;

/// <summary><c>errand fake …</c>: the scripts of a server that stands in for vendors (<c>errand dev --fake</c>).</summary>
internal static class FakeCommand
{
    private static readonly string[] Headings = ["vendor", "state", "job", "polls", "script"];

    public static Command Create(Terminal terminal) => new Verb(
        "fake", "Script the stand-ins of errand dev --fake.", "errand fake script zendesk after 3 polls complete", "errand fake list")
    {
        Script(terminal),
        List(terminal),
        Clear(terminal),
    };

    private static ClientVerb Script(Terminal terminal)
    {
        var vendor = Vendor(ArgumentArity.ExactlyOne);
        var words = new Argument<string[]>("script") { Description = "What the next job does, in words; or one JSON document", Arity = ArgumentArity.OneOrMore };
        return new ClientVerb(
            terminal, "script", "Set the course of the next job.", "errand fake script zendesk after 3 polls complete, items 35436 fail Locked \"Ticket is closed\"",
            "errand fake script workiva 429 twice then fine", "errand fake script alteryx after 10s fail, for every job")
        {
            vendor, words,
        }.Does(async (run, cancellationToken) =>
        {
            var script = Read(run.Get(words));
            var name = run.Get(vendor);
            await PrintAsync(run, await FakeServer.SendAsync(run, HttpMethod.Post, $"/fake/{name}/scripts", new FakeScriptRequest(script.ToString()), cancellationToken));
            return ExitCodes.Ok;
        });
    }

    private static ClientVerb List(Terminal terminal) =>
        new ClientVerb(terminal, "list", "List the scripts that wait, and the jobs that are not over.", "errand fake list", "errand fake list -o json").Does(async (run, cancellationToken) =>
        {
            await PrintAsync(run, await FakeServer.SendAsync(run, HttpMethod.Get, "/fake/scripts", null, cancellationToken));
            return ExitCodes.Ok;
        });

    private static ClientVerb Clear(Terminal terminal)
    {
        var vendor = Vendor(ArgumentArity.ZeroOrOne);
        return new ClientVerb(terminal, "clear", "Forget the scripts that wait; jobs that were begun keep theirs.", "errand fake clear", "errand fake clear zendesk") { vendor }.Does(
            async (run, cancellationToken) =>
        {
            var path = run.Parse.GetValue(vendor) is { } name ? $"/fake/{name}/scripts" : "/fake/scripts";
            await PrintAsync(run, await FakeServer.SendAsync(run, HttpMethod.Delete, path, null, cancellationToken));
            return ExitCodes.Ok;
        });
    }

    private static Argument<string> Vendor(ArgumentArity arity)
    {
        var vendor = new Argument<string>("vendor") { Description = string.Join(", ", VendorNames.All), Arity = arity };
        vendor.CompletionSources.Add([.. VendorNames.All]);
        vendor.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && VendorNames.FaultOf(token.Value) is { } fault) result.AddError(fault);
        });
        return vendor;
    }

    private static VendorScript Read(string[] words)
    {
        try
        {
            return words is [['{', ..]] ? VendorScript.FromJson(words[0]) : VendorScript.Parse(words);
        }
        catch (FormatException e)
        {
            throw new CliException(ExitCodes.Usage, e.Message);
        }
    }

    private static async Task PrintAsync(ClientRun run, FakeOverview overview)
    {
        var count = await run.Print.ManyAsync(Lines(overview).ToAsyncEnumerable(), line => line.Job ?? line.Script, Headings, line =>
            [line.Vendor, Paint.Word(line.State), line.Job, $"{line.Polls}", line.Script]);
        if (count == 0) run.Note("No script waits and no job is under way. A job without a script works for one poll and completes.");
    }

    private static IEnumerable<FakeLine> Lines(FakeOverview overview) => overview.Vendors.SelectMany(vendor => vendor.Jobs
        .Select(job => new FakeLine(vendor.Vendor, job.Phase, job.Id, job.Polls, job.Script))
        .Concat(vendor.Scripts.Select(script => new FakeLine(vendor.Vendor, "waiting", null, null, script))));
}
