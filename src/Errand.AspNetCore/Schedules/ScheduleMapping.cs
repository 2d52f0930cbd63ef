using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Schedules between the wire and the engine.</summary>
internal static class ScheduleMapping
{
    public static ScheduleDefinition Definition(ApiCall call, SaveScheduleRequest request)
    {
        var job = request.Job ?? throw new ApiProblemException(ApiProblem.Invalid("#/job", "'job' is required: what to submit, {\"type\": \"…\"}."));
        return new ScheduleDefinition
        {
            Cron = request.Cron,
            TimeZone = request.TimeZone,
            Every = request.Every,
            Jitter = request.Jitter,
            Misfire = request.Misfire ?? MisfireRule.Once,
            Overlap = request.Overlap ?? OverlapRule.Allow,
            Paused = request.Paused ?? false,
            Collections = request.Collections ?? [],
            Job = Submissions.From(call, job, JobIdOf(job), "#/job") with { TraceParent = null, TraceState = null },
        };
    }

    /// <summary>The definition as it could be sent: what a merge patch starts from.</summary>
    public static SaveScheduleRequest Request(Schedule schedule) => new()
    {
        Cron = schedule.Definition.Cron,
        TimeZone = schedule.Definition.TimeZone,
        Every = schedule.Definition.Every,
        Jitter = schedule.Definition.Jitter,
        Misfire = schedule.Definition.Misfire,
        Overlap = schedule.Definition.Overlap,
        Paused = schedule.Definition.Paused,
        Collections = schedule.Definition.Collections,
        Job = Job(schedule.Definition.Job, withInput: true),
    };

    public static ScheduleResource Resource(ApiCall call, Schedule schedule)
    {
        var self = $"{call.Urls.Root}/schedules/{schedule.Name}";
        return new ScheduleResource
        {
            Name = schedule.Name,
            Cron = schedule.Definition.Cron,
            TimeZone = schedule.Definition.TimeZone ?? (schedule.Definition.Cron is null ? null : "UTC"),
            Every = schedule.Definition.Every,
            Jitter = schedule.Definition.Jitter,
            Misfire = schedule.Definition.Misfire,
            Overlap = schedule.Definition.Overlap,
            Paused = schedule.Definition.Paused,
            Collections = schedule.Definition.Collections,
            Job = Job(schedule.Definition.Job, call.Principal.Has(ErrandScopes.ReadInput)),
            CreatedBy = schedule.Owner,
            CreatedAt = schedule.CreatedAt,
            UpdatedAt = schedule.UpdatedAt,
            NextRunAt = schedule.NextAt,
            LastRunAt = schedule.LastAt,
            LastJobId = schedule.LastJobId,
            Problem = schedule.Problem,
            Version = schedule.Revision,
            Links = new ScheduleLinks(self, $"{call.Urls.Root}/jobs?scheduleId={schedule.Name}", $"{self}/next", $"{self}/run"),
        };
    }

    private static SubmitJobRequest Job(JobSubmission job, bool withInput) => new()
    {
        Type = job.Type,
        Input = withInput && !job.Input.IsEmpty ? new RawJson(job.Input) : null,
        Items = withInput && !job.Items.IsEmpty ? new RawJson(job.Items) : null,
        Queue = job.Queue,
        Priority = job.Priority,
        Labels = job.Labels,
        MaxAttempts = job.MaxAttempts,
        Timeout = job.Timeout,
        Retention = job.Retention,
        CorrelationId = job.CorrelationId,
    };

    private static JobId? JobIdOf(SubmitJobRequest job) => job.Id is null
        ? null
        : throw new ApiProblemException(ApiProblem.Invalid("#/job/id", "Each firing makes a job with an id of its own: leave it out."));
}
