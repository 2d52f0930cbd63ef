using Microsoft.Extensions.Options;

namespace Errand.Worker;

/// <summary>Names every wrong option at once, each with what would be right.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Name)) errors.Add("Name must not be empty.");
        if (options.Slots is < 1 or > 10_000) errors.Add($"Slots is {options.Slots}; set 1 to 10,000.");
        if (options.MaxPrefetch is < 0 or > 10_000) errors.Add($"MaxPrefetch is {options.MaxPrefetch}; set 0 to 10,000.");
        foreach (var queue in options.Queues.Where(queue => !JobNames.IsTypeOrQueue(queue)))
            errors.Add($"Queues holds '{queue}'; a queue's name is [a-z][a-z0-9._-]{{0,127}}.");
        foreach (var queue in options.Queues.GroupBy(queue => queue, StringComparer.Ordinal).Where(group => group.Count() > 1))
            errors.Add($"Queues names '{queue.Key}' twice; name it once.");
        if (options.StopGrace <= TimeSpan.Zero) errors.Add($"StopGrace is {options.StopGrace}; set a time over zero.");
        if (options.DrainTimeout < TimeSpan.Zero) errors.Add($"DrainTimeout is {options.DrainTimeout}; set zero or more.");
        if (options.PollInterval < TimeSpan.FromMilliseconds(10)) errors.Add($"PollInterval is {options.PollInterval}; set at least 10 ms.");
        return errors.Count is 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => $"The worker's {error}"));
    }
}
