namespace Errand;

/// <summary>
/// The job of a service scope. While an attempt runs, its scope gives <see cref="JobContext"/>, <c>IProgress&lt;JobProgress&gt;</c> and
/// <see cref="JobCaller"/> to whatever asks for them; outside of one they are there and refuse to be used.
/// </summary>
public sealed class JobScope
{
    private JobCaller? _caller;

    /// <summary>The attempt's context; outside of an attempt one whose members throw.</summary>
    public JobContext Context { get; set; } = NoJobContext.Instance;

    /// <summary>True while an attempt runs in this scope.</summary>
    public bool HasJob => Context is not NoJobContext;

    /// <summary>Whose job it is: tenant and owner, and what was kept of the caller where something was. Outside of an attempt nobody.</summary>
    public JobCaller Caller
    {
        get => _caller ?? (HasJob ? new JobCaller(Context.Head.Tenant, Context.Head.Owner) : JobCaller.Nobody);
        set => _caller = value;
    }
}
