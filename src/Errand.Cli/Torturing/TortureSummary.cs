using System.Globalization;
using Errand.Cli.Rendering;
using Errand.Cli.Terminals;
using Errand.Torture;

namespace Errand.Cli.Torturing;

/// <summary>Prints what came of it.</summary>
internal static class TortureSummary
{
    private const int WrongShown = 10;
    private const int NameWidth = 24;

    public static void Print(TortureReport report, Terminal terminal, Printer print) =>
        print.One(TortureDocument.Of(report), report.Seed.ToString(CultureInfo.InvariantCulture), () => Table(report, terminal));

    /// <summary>Says what was wrong, and keeps the folder.</summary>
    public static int TellWrong(TortureReport report, TortureFolder folder, Terminal terminal)
    {
        folder.Kept = true;
        foreach (var line in report.Wrong.Take(WrongShown)) terminal.Error.WriteLine($"errand: {line}");
        if (report.Wrong.Count > WrongShown) terminal.Error.WriteLine($"errand: and {report.Wrong.Count - WrongShown} more.");
        terminal.Error.WriteLine($"errand: a promise is broken. The logs and the data are kept in {folder.Path}; --seed {report.Seed} draws the same faults again.");
        return ExitCodes.Unexpected;
    }

    private static void Table(TortureReport report, Terminal terminal)
    {
        void Row(string name, string value) => terminal.Out.WriteLine($"{name.PadRight(NameWidth)}{value}");
        Row("seed", $"{report.Seed}");
        foreach (var (name, times) in report.Faults.OrderBy(fault => fault.Key, StringComparer.Ordinal)) Row(name, $"{times}");
        foreach (var reason in report.NotDone) Row("not done", reason);
        Row("submitted", $"{report.Submitted}");
        Row("acknowledged", $"{report.Acknowledged}");
        Row("lost", $"{report.Lost}");
        Row("settled twice", $"{report.SettledTwice}");
        Row("run twice", $"{report.RunTwice} (a run that broke off is made again)");
        Row("not linearizable", $"{report.NotLinearizable} of {report.Acknowledged} histories, {report.Calls} calls");
        Row("items wrong", $"{report.ItemsWrong}");
        Row("outputs torn", $"{report.OutputsTorn}");
        Row("results of no run", $"{report.ResultsForeign}");
        Row("canceled, parked", $"{report.Canceled}, {report.Poisoned}");
        Row("answered: not now", $"{report.Refused}");
        Row("accepts again after", Times(report.AcceptsAgain));
        Row("runs again after", Times(report.RunsAgain));
    }

    private static string Times(RecoveryTimes times) =>
        times.Count == 0 ? "nothing was seen to recover" : $"{times.Median.TotalSeconds:0.0} s (median), {times.Max.TotalSeconds:0.0} s (max) of {times.Count}";
}

/// <summary>The report as JSON.</summary>
internal sealed record TortureDocument(
    int Seed,
    int Submitted,
    int Acknowledged,
    int Lost,
    int SettledTwice,
    int RunTwice,
    int NotLinearizable,
    int Calls,
    int ItemsWrong,
    int OutputsTorn,
    int ResultsForeign,
    int Canceled,
    int Poisoned,
    int Refused,
    double AcceptsAgainMedianSeconds,
    double AcceptsAgainMaxSeconds,
    double RunsAgainMedianSeconds,
    double RunsAgainMaxSeconds,
    IReadOnlyDictionary<string, int> Faults,
    IReadOnlyList<string> NotDone)
{
    public static TortureDocument Of(TortureReport report) => new(
        report.Seed, report.Submitted, report.Acknowledged, report.Lost, report.SettledTwice, report.RunTwice, report.NotLinearizable, report.Calls, report.ItemsWrong,
        report.OutputsTorn, report.ResultsForeign, report.Canceled, report.Poisoned, report.Refused, Seconds(report.AcceptsAgain.Median), Seconds(report.AcceptsAgain.Max),
        Seconds(report.RunsAgain.Median), Seconds(report.RunsAgain.Max), report.Faults, report.NotDone);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
