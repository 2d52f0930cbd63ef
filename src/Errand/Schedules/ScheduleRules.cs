using Cronos;

namespace Errand.Schedules;

/// <summary>What a schedule must satisfy beside what its job must. Every mistake is reported, each with its place and the fix.</summary>
internal static class ScheduleRules
{
    public const int CollectionsMax = 32;
    private static readonly TimeSpan EveryMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EveryMax = TimeSpan.FromDays(366);
    private static readonly TimeSpan JitterMax = TimeSpan.FromDays(1);

    public static List<JobFieldError> Check(string name, ScheduleDefinition plan, DateTimeOffset now)
    {
        List<JobFieldError> errors = [];
        void Wrong(string field, string detail) => errors.Add(new JobFieldError($"#/{field}", detail));

        if (!JobNames.IsTypeOrQueue(name)) Wrong("name", "A name is 1 to 128 of a-z, 0-9, '.', '_' and '-', beginning with a letter: 'nightly-export'.");
        CheckTimes(plan, now, Wrong);
        if (plan.Jitter is { } jitter && (jitter < TimeSpan.Zero || jitter > JitterMax)) Wrong("jitter", "The jitter is between zero and 1 day: PT5M.");
        if (plan.Jitter >= plan.Every) Wrong("jitter", "The jitter must be shorter than 'every'.");
        if (plan.Collections.Count > CollectionsMax) Wrong("collections", $"At most {CollectionsMax} collections.");
        foreach (var collection in plan.Collections.Where(one => one is not { Length: > 0 and <= 128 }))
        {
            Wrong("collections", $"'{collection}' is no name of a collection: 1 to 128 characters.");
        }

        CheckJob(plan.Job, Wrong);
        return errors;
    }

    private static void CheckTimes(ScheduleDefinition plan, DateTimeOffset now, Action<string, string> wrong)
    {
        if (plan.Cron is null == plan.Every is null)
        {
            wrong("cron", "Give either cron (\"0 2 * * *\") or every (\"PT15M\"), not both.");
            return;
        }

        if (plan.Every is { } every && (every < EveryMin || every > EveryMax)) wrong("every", $"'every' is 1 second to {EveryMax.Days} days: PT15M.");
        if (plan.TimeZone is not null && plan.Cron is null) wrong("timeZone", "Only cron counts in a time zone; leave it out with 'every'.");
        if (plan.Cron is null || ZoneMistake(plan.TimeZone, wrong)) return;
        try
        {
            ScheduleClock.Parse(plan.Cron);
        }
        catch (CronFormatException e)
        {
            wrong("cron", $"'{plan.Cron}' is no cron expression of 5 fields (minute hour day month weekday) or 6 (second first): {e.Message.TrimEnd('.')}.");
            return;
        }

        if (ScheduleClock.Next(plan, now, now) is null) wrong("cron", $"'{plan.Cron}' never comes: no such day exists.");
    }

    private static bool ZoneMistake(string? zone, Action<string, string> wrong)
    {
        try
        {
            ScheduleClock.Zone(zone);
            return false;
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException)
        {
            wrong("timeZone", $"'{zone}' is no IANA time zone that this system knows, such as Europe/Berlin. (A bare container needs the package tzdata.)");
            return true;
        }
    }

    private static void CheckJob(JobSubmission job, Action<string, string> wrong)
    {
        if (job.Id is not null) wrong("job/id", "Each firing makes a job with an id of its own: leave it out.");
        if (job.ItemsFrom is not null) wrong("job/itemsFrom", "An upload can be used once only; give the items in 'items'.");
        if (job.UniqueKey is not null) wrong("job/uniqueKey", "What a unique key is for, a schedule does with \"overlap\": \"skip\".");
        if (job.RunAt is not null || job.Delay is not null) wrong("job/runAt", "The schedule says when its jobs run: leave runAt and delay out.");
        if (job.Deadline is not null) wrong("job/deadline", "A deadline is one instant; a job of a schedule takes 'timeout' instead.");
        if (job.ParentId is not null) wrong("job/parentId", "A job of a schedule belongs to it, not to another job.");
    }
}
