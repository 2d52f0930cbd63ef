namespace Errand.Handlers;

/// <summary>Everything that is wrong with the options of a command, each with the fix.</summary>
internal static class CommandOptionsRules
{
    private static readonly string[] Ours = ["HOME", "ERRAND_JOB_ID", "ERRAND_ATTEMPT", "ERRAND_CLAIM", "TRACEPARENT"];

    public static void Check(CommandHandlerOptions options, ICollection<JobFieldError> errors)
    {
        if (options.Command.Count is 0 || options.Command[0].Length is 0)
            errors.Add(new("#/command", "The program is missing: \"command\": [\"python3\", \"totals.py\"]."));
        else if (CommandLine.Find(options.Command[0], options.Folder) is null)
            errors.Add(new("#/command/0", $"There is no program '{options.Command[0]}', neither below '{options.Folder}' nor in PATH."));
        for (var i = 0; i < options.Command.Count; i++)
        {
            if (options.Command[i].Contains('\0', StringComparison.Ordinal)) errors.Add(new($"#/command/{i}", "It holds a NUL character."));
        }

        for (var i = 0; i < options.Outputs.Count; i++)
        {
            if (options.Outputs[i].Length is 0 || Path.IsPathRooted(options.Outputs[i]) || options.Outputs[i].Split('/', '\\').Contains(".."))
                errors.Add(new($"#/outputs/{i}", $"'{options.Outputs[i]}' is not a pattern within the working folder, such as '*.csv' or 'out/**/*.json'."));
        }

        foreach (var name in options.Environment.Keys)
        {
            if (name.Length is 0 || name.Contains('=', StringComparison.Ordinal)) errors.Add(new("#/environment", $"'{name}' cannot name a variable."));
            else if (Ours.Contains(name)) errors.Add(new($"#/environment/{name}", $"{name} is set by Errand; leave it out."));
        }

        for (var i = 0; i < options.RetryableExitCodes.Count; i++)
        {
            if (options.RetryableExitCodes[i] is < 1 or > 255) errors.Add(new($"#/retryableExitCodes/{i}", $"It is {options.RetryableExitCodes[i]}; 1 to 255 is expected."));
        }

        if (options.KillGrace < TimeSpan.Zero || options.KillGrace > TimeSpan.FromMinutes(5))
            errors.Add(new("#/killGrace", $"It is {options.KillGrace}; zero to five minutes is expected."));
        if (!Path.IsPathRooted(options.WorkRoot)) errors.Add(new("#/workRoot", $"'{options.WorkRoot}' is not a full path."));
    }
}
