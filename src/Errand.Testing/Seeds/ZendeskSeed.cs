using System.Globalization;
using System.Text;

namespace Errand.Testing.Seeds;

/// <summary>Reads a job status of Zendesk's, bare or under <c>job_status</c>.</summary>
internal static class ZendeskSeed
{
    public static SeedJob Read(SeedDocument given)
    {
        var job = given.Has("job_status") ? given.Inner("job_status") : given;
        var starter = given.TextOrNull("starter") ?? "tickets/update_many";
        if (!Dialects.Zendesk.ZendeskOptions.KnownStarters.Contains(starter))
        {
            throw given.Wrong("starter", $"'{starter}' is no bulk endpoint.{Suggestion.For(starter, Dialects.Zendesk.ZendeskOptions.KnownStarters)}");
        }

        var stage = job.Stage(
            "status", ("queued", SeedStage.Queued), ("working", SeedStage.Working), ("completed", SeedStage.Completed), ("failed", SeedStage.Failed), ("killed", SeedStage.Canceled));
        var ended = SeedDocument.DateOf(job.TextOrNull("message"))?.At ?? given.Now;
        List<JobItem> items = [.. job.Array("results").Select(ItemOf)];
        return new SeedJob(VendorNames.Zendesk, job.Text("id"), FakeTypes.NameOf(starter), stage)
        {
            Created = ended,
            Updated = ended,
            Items = items,
            ItemCount = job.Number("total") ?? (items.Count > 0 ? items.Count : null),
            Error = stage is SeedStage.Failed or SeedStage.Canceled ? new JobError("Recorded", ReasonOf(job.TextOrNull("message"))) : null,
            Labels = new(StringComparer.Ordinal) { ["dialect"] = VendorNames.Zendesk, ["zendesk.starter"] = starter },
            Script = given.Script(),
        };
    }

    private static JobItem ItemOf(SeedDocument item, int index)
    {
        var failed = item.Has("error") || item.Has("success") && !item.Flag("success");
        return new JobItem
        {
            Index = index,
            Key = item.Raw("id")?.Trim('"') ?? index.ToString(CultureInfo.InvariantCulture),
            Status = failed ? JobItemStatus.Failed : JobItemStatus.Succeeded,
            Error = failed ? new JobError(item.TextOrNull("error") ?? "Failed", item.TextOrNull("details") ?? item.TextOrNull("errors") ?? "Failed") : null,
            Result = Encoding.UTF8.GetBytes(item.Root.GetRawText()),
        };
    }

    // What follows the date of "Failed at 2026-03-02 09:15:09 +0000: the reason".
    private static string ReasonOf(string? message) => message?.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at ? message[(at + 2)..] : "";
}
