namespace Errand.Handlers;

/// <summary>A type whose jobs are run by a program. Only the configuration names programs; there is never a shell.</summary>
public sealed record CommandHandlerOptions
{
    /// <summary>
    /// The program and its arguments: <c>["python3", "totals.py"]</c>. A program without a slash is looked up in <c>PATH</c>. An argument
    /// that names an existing file below <see cref="Folder"/> is passed as its full path, since the program runs in a folder of its own.
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Where relative names of <see cref="Command"/> are looked up. Default: the current folder of the server.</summary>
    public string Folder { get; init; } = System.Environment.CurrentDirectory;

    /// <summary>Where each attempt gets a working folder, which is removed afterwards. Default: <c>errand-work</c> in the system's folder for temporary files.</summary>
    public string WorkRoot { get; init; } = Path.Combine(Path.GetTempPath(), "errand-work");

    /// <summary>Files of the working folder that become outputs once the program has succeeded: <c>*.csv</c>, <c>out/**/*.json</c>.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Variables that the program gets beside <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>ERRAND_JOB_ID</c>, <c>ERRAND_ATTEMPT</c> and <c>TRACEPARENT</c>. Nothing else of the server's environment is passed on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Exit codes after which trying again may help, beside 75. Default: none.</summary>
    public IReadOnlyList<int> RetryableExitCodes { get; init; } = [];

    /// <summary>How long the program may take between SIGTERM and SIGKILL when it is stopped. Default: 5 seconds.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Everything that is wrong, each with the field and the fix; empty when nothing is.</summary>
    public IReadOnlyList<JobFieldError> Validate()
    {
        var errors = new List<JobFieldError>();
        CommandOptionsRules.Check(this, errors);
        return errors;
    }
}
