using System.CommandLine;
using Errand.Cli.Clients;
using Errand.Cli.Doctor;
using Errand.Cli.Rendering;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;

namespace Errand.Cli.Commands;

/// <summary><c>errand doctor</c>: looks at everything that usually is the matter, and says the fix.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = ServeOptions.Data();
        var config = ServeOptions.Config();
        return new ClientVerb(
            terminal, "doctor", "Check the configuration, the data folder, the server and the token.", "errand doctor",
            "errand doctor --data /var/lib/errand --config /etc/errand/errand.json")
        {
            data, config,
        }.Does(async (run, _) =>
        {
            var findings = await new FolderChecks(run.Get(data), run.Get(config), terminal).RunAsync()
                .Concat(new ServerChecks(run.Client, terminal.Time).RunAsync())
                .ToArrayAsync(CancellationToken.None);
            await run.Print.ManyAsync(
                findings.ToAsyncEnumerable(), finding => finding.Check, ["check", "verdict", "detail"],
                finding => [finding.Check, Paint.Word(finding.Verdict), finding.Detail]);
            return findings.Select(finding => finding.ExitCode).FirstOrDefault(code => code != ExitCodes.Ok);
        });
    }
}
