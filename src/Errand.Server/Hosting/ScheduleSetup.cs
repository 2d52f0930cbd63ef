using Errand.Server.Configuration;
using Microsoft.Extensions.Hosting;

namespace Errand.Server.Hosting;

/// <summary>
/// Makes the schedules that the configuration names, or brings them up to date. Whether one is paused is left to the operator unless the configuration says it; one that the file
/// no longer names stays until someone deletes it.
/// </summary>
internal sealed class ScheduleSetup(IJobClients clients, ServerConfig config) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var schedule in config.Schedules)
        {
            var door = clients.SchedulesFor(new JobCaller(schedule.Tenant, schedule.Owner) { SeesAll = true });
            try
            {
                await door.SaveAsync(schedule.Name, await PausedAsItIsAsync(door, schedule, cancellationToken), cancellationToken: cancellationToken);
            }
            catch (JobProblemException e)
            {
                IEnumerable<JobFieldError> errors = e.Problem.Errors.Count > 0 ? e.Problem.Errors : [new JobFieldError("#", e.Problem.Detail)];
                throw new ConfigException(
                    "The configuration",
                    [.. errors.Select(error => new ConfigError($"schedules.{schedule.Name}{error.Pointer.TrimStart('#').Replace('/', '.')}", error.Detail))]);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async ValueTask<ScheduleDefinition> PausedAsItIsAsync(IScheduleClient door, ScheduleConfig schedule, CancellationToken cancellationToken)
    {
        if (schedule.Paused is not null) return schedule.Definition;
        try
        {
            var before = await door.GetAsync(schedule.Name, cancellationToken);
            return schedule.Definition with { Paused = before.Definition.Paused };
        }
        catch (JobProblemException e) when (e.Problem.Name == JobProblems.NotFound)
        {
            return schedule.Definition;
        }
    }
}
