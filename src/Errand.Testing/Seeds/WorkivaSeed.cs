using System.Globalization;

namespace Errand.Testing.Seeds;

/// <summary>Reads an operation of Workiva's, or a queue job under <c>data</c>.</summary>
internal static class WorkivaSeed
{
    public static SeedJob Read(SeedDocument given) => given.Has("data") ? QueueJob(given, given.Inner("data")) : Operation(given);

    private static SeedJob QueueJob(SeedDocument given, SeedDocument job)
    {
        var stage = job.Stage("status", ("PENDING", SeedStage.Queued), ("RUNNING", SeedStage.Working), ("SUCCESSFUL", SeedStage.Completed), ("FAILED", SeedStage.Failed));
        var created = job.Time("created") ?? given.Now;
        return new SeedJob(VendorNames.Workiva, job.Text("id"), FakeTypes.QueueJob, stage)
        {
            Created = created,
            Updated = job.Time("finished") ?? created,
            Error = stage is SeedStage.Failed ? new JobError("Recorded", given.TextOrNull("message") ?? "The job failed.") : null,
            Result = given.Raw("result"),
            Script = given.Script(),
        };
    }

    private static SeedJob Operation(SeedDocument job)
    {
        var stage = job.Stage(
            "status", ("acknowledged", SeedStage.Queued), ("queued", SeedStage.Queued), ("started", SeedStage.Working), ("completed", SeedStage.Completed), ("failed", SeedStage.Failed),
            ("cancelled", SeedStage.Canceled));
        var created = job.Has("created") ? job.Inner("created") : null;
        var error = job.Array("details").FirstOrDefault();
        return new SeedJob(VendorNames.Workiva, job.Text("id"), FakeTypes.Operation, stage)
        {
            Created = created?.Time("dateTime") ?? job.Now,
            Updated = job.Has("updated") ? job.Inner("updated").Time("dateTime") : null,
            Owner = created is not null && created.Has("user") ? created.Inner("user").TextOrNull("id") : null,
            RequestId = RequestOf(job),
            Error = stage is SeedStage.Failed or SeedStage.Canceled ? new JobError(error?.TextOrNull("code") ?? "Recorded", error?.TextOrNull("message") ?? "The operation did not complete.") : null,
            Items = [.. job.Array("details").Skip(1).Select(ItemOf)],
            Result = job.Raw("result"),
            Labels = LabelsOf(job),
            Script = job.Script(),
        };
    }

    private static Dictionary<string, string> LabelsOf(SeedDocument job)
    {
        if (job.TextOrNull("starter") is not { } starter) return [];
        if (Dialects.Workiva.WorkivaOptions.FaultOf(starter) is { } fault) throw job.Wrong("starter", fault);
        return new(StringComparer.Ordinal) { ["dialect"] = VendorNames.Workiva, ["starter"] = starter };
    }

    private static Guid? RequestOf(SeedDocument job)
    {
        if (job.TextOrNull("originalRequest") is not { } text) return null;
        return Guid.TryParse(text, out var id) ? id : throw job.Wrong("originalRequest", $"'{text}' is no UUID");
    }

    private static JobItem ItemOf(SeedDocument detail, int index) => new()
    {
        Index = index,
        Key = detail.TextOrNull("target") ?? index.ToString(CultureInfo.InvariantCulture),
        Status = JobItemStatus.Failed,
        Error = new JobError(detail.TextOrNull("code") ?? "Recorded", detail.TextOrNull("message") ?? ""),
    };
}
