using System.Text;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>schedules</c>. What the engine checks – cron, zone, the job's members – it checks when it takes them.</summary>
internal static class ScheduleReader
{
    public static List<ScheduleConfig> ReadAll(ConfigSection root)
    {
        List<ScheduleConfig> schedules = [];
        foreach (var (name, section) in root.Sections("schedules"))
        {
            if (!JobNames.IsTypeOrQueue(name)) section.Fail(null, ConfigNames.Rule(name));
            if (section.Has("cron") == section.Has("every")) section.Fail(null, "needs either \"cron\": \"0 2 * * *\" or \"every\": \"15m\", and not both");
            if (Read(name, section) is { } schedule) schedules.Add(schedule);
            section.Close();
        }

        return schedules;
    }

    private static ScheduleConfig? Read(string name, ConfigSection section)
    {
        var paused = section.Flag("paused");
        var plan = new ScheduleDefinition
        {
            Cron = section.Text("cron"),
            TimeZone = section.Text("timeZone"),
            Every = section.Duration("every"),
            Jitter = section.Duration("jitter"),
            Misfire = section.Word("misfire", "skip", "once", "all") switch { "skip" => MisfireRule.Skip, "all" => MisfireRule.All, _ => MisfireRule.Once },
            Overlap = section.Word("overlap", "allow", "skip", "cancelPrevious") switch
            {
                "skip" => OverlapRule.Skip,
                "cancelPrevious" => OverlapRule.CancelPrevious,
                _ => OverlapRule.Allow,
            },
            Paused = paused ?? false,
            Collections = section.Texts("collections") ?? [],
            Job = ReadJob(section) ?? new JobSubmission { Type = "" },
        };
        var schedule = new ScheduleConfig(name, section.Text("tenant") ?? JobNames.DefaultTenant, section.Text("owner") ?? "system", plan, paused);
        return plan.Job.Type.Length == 0 ? null : schedule;
    }

    private static JobSubmission? ReadJob(ConfigSection schedule)
    {
        if (schedule.Section("job") is not { } section)
        {
            if (!schedule.Has("job")) schedule.Fail("job", "is missing. Add what to submit, as \"job\": { \"type\": \"report.export\" }");
            return null;
        }

        var type = section.RequiredText("type", "\"report.export\"");
        var job = new JobSubmission
        {
            Type = type ?? "",
            Input = section.Json("input") is { } input ? Encoding.UTF8.GetBytes(input.ToJsonString()) : default,
            Queue = section.Text("queue"),
            Priority = section.Integer("priority", 0, 9),
            Labels = section.Map("labels"),
            MaxAttempts = section.Integer("maxAttempts", 1, 100),
            Timeout = section.Duration("timeout"),
            Retention = section.Duration("retention"),
        };
        section.Close();
        return job;
    }
}
