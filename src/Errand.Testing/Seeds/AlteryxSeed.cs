using System.Globalization;

namespace Errand.Testing.Seeds;

/// <summary>Reads a job of Alteryx Server's.</summary>
internal static class AlteryxSeed
{
    private const int Complete = 4;
    private const string Finished = "Finished in ";

    public static SeedJob Read(SeedDocument job, Func<string, string> typeOf)
    {
        var workflow = job.TextOrNull("appId") ?? VendorCredentials.WorkflowId;
        var stage = job.Stage(
            "status", ("Created", SeedStage.Queued), ("Queued", SeedStage.Queued), ("Running", SeedStage.Working), ("Completed", SeedStage.Completed), ("Cancelled", SeedStage.Canceled));
        if (stage is SeedStage.Completed && job.TextOrNull("disposition") is "Error") stage = SeedStage.Failed;
        var created = job.Time("createDateTime") ?? job.Now;
        List<SeedDocument> messages = [.. job.Array("messages")];
        var last = messages.Count > 0 ? messages[^1] : null;

        // How it ended is the engine's to say: the wire says it again.
        var says = stage switch { SeedStage.Completed => Complete, SeedStage.Failed => 3, _ => 0 };
        if (last?.Number("status") == says) messages.RemoveAt(messages.Count - 1);
        else last = null;
        return new SeedJob(VendorNames.Alteryx, job.Text("id"), typeOf(workflow), stage)
        {
            Created = created,
            Started = created,
            Updated = created + DurationOf(last?.TextOrNull("text")),
            Error = stage is SeedStage.Failed ? new JobError("Recorded", last?.TextOrNull("text") ?? "The workflow failed.") : null,
            Messages = [.. messages.Select(message => MessageOf(message, created))],
            Outputs = [.. job.Array("outputs").Select(OutputOf)],
            Priority = job.TextOrNull("priority") switch { null or "Default" or "Medium" => 5, "Low" => 2, "High" => 7, "Critical" => 9, var other => throw job.Wrong("priority", $"'{other}' is none of Default, Low, Medium, High, Critical") },
            Labels = LabelsOf(job),
            Script = job.Script(),
        };
    }

    private static Dictionary<string, string> LabelsOf(SeedDocument job)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        if (job.TextOrNull("workerTag") is { Length: > 0 } tag) labels["alteryx.workerTag"] = tag;
        if (job.TextOrNull("priority") is "Medium") labels["alteryx.priority"] = "Medium";
        return labels;
    }

    private static JobMessage MessageOf(SeedDocument message, DateTimeOffset at) => new()
    {
        Time = at,
        Text = message.TextOrNull("text") ?? "",
        Severity = message.Number("status") switch { 2 => JobSeverity.Warning, 3 => JobSeverity.Error, _ => JobSeverity.Info },
        Source = message.Number("toolId"),
    };

    private static SeedOutput OutputOf(SeedDocument output)
    {
        List<string> formats = [.. output.Texts("availableFormats").Where(format => format != "Raw").Select(format => format.ToLowerInvariant())];
        return new SeedOutput(output.Text("id"), output.Text("fileName"), formats.Count > 0 ? formats : ["raw"], output.TextOrNull("content") ?? "");
    }

    private static TimeSpan DurationOf(string? text) =>
        text?.StartsWith(Finished, StringComparison.Ordinal) == true && double.TryParse(text[Finished.Length..].Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
}
