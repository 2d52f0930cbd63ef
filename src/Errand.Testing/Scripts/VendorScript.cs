namespace Errand.Testing;

/// <summary>
/// The course of a vendor's next job, or jobs: how long it waits and works, how it and its items end, and which answers go wrong. Immutable: each method gives another script. What is not said is
/// as in <see cref="Default"/>. The same words make it as a text: <see cref="Parse(string)"/>.
/// </summary>
public sealed partial record VendorScript
{
    private static readonly TimeSpan SlowTime = TimeSpan.FromMinutes(1);

    /// <summary>What jobs do that nobody scripted: one poll sees the job at work, the next one sees it completed.</summary>
    public static VendorScript Default { get; } = new();

    /// <summary>How long it waits in the vendor's queue. Default: it is at work when it is first looked at.</summary>
    public ScriptMoment Queued { get; init; } = ScriptMoment.AfterPolls(0);

    /// <summary>How long it works, from the end of <see cref="Queued"/>. Default: 1 poll.</summary>
    public ScriptMoment After { get; init; } = ScriptMoment.AfterPolls(1);

    /// <summary>How it ends. Default: well.</summary>
    public ScriptEnd End { get; init; }

    /// <summary>Why, for <see cref="ScriptEnd.Fail"/>; the message is also the reason of a <see cref="ScriptEnd.Cancel"/>.</summary>
    public ScriptError Error { get; init; } = ScriptError.Default;

    /// <summary>Items that fail. Default: none.</summary>
    public IReadOnlyList<ScriptItems> Items { get; init; } = [];

    /// <summary>Answers that go wrong, in their order. Default: none.</summary>
    public IReadOnlyList<ScriptFault> Faults { get; init; } = [];

    /// <summary>How long each answer about the job is held back. Default: not at all.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>How long the vendor knows the job once it has ended. Default: null, as long as the vendor keeps jobs.</summary>
    public ScriptMoment? ExpireAfter { get; init; }

    /// <summary>What it gives: one JSON document. Default: null, nothing.</summary>
    public string? Result { get; init; }

    /// <summary>Files that it publishes. Default: none.</summary>
    public IReadOnlyList<ScriptOutput> Outputs { get; init; } = [];

    /// <summary>Lines of its log. Default: none.</summary>
    public IReadOnlyList<ScriptMessage> Messages { get; init; } = [];

    /// <summary>How many jobs take this course; null for every one until the scripts are cleared. Default: 1.</summary>
    public int? Jobs { get; init; } = 1;

    /// <summary>It works for so many polls: the next one sees its end.</summary>
    public VendorScript AfterPolls(int polls) => this with { After = ScriptMoment.AfterPolls(polls) };

    /// <summary>It works for so long.</summary>
    public VendorScript AfterTime(TimeSpan time) => this with { After = ScriptMoment.AfterTime(time) };

    /// <summary>Already the first poll sees its end.</summary>
    public VendorScript AtOnce() => this with { After = ScriptMoment.AfterPolls(0) };

    /// <summary>It waits in the queue for so many polls.</summary>
    public VendorScript QueuedForPolls(int polls) => this with { Queued = ScriptMoment.AfterPolls(polls) };

    /// <summary>It waits in the queue for so long.</summary>
    public VendorScript QueuedForTime(TimeSpan time) => this with { Queued = ScriptMoment.AfterTime(time) };

    /// <summary>It ends well.</summary>
    public VendorScript Complete() => this with { End = ScriptEnd.Complete };

    /// <summary>The whole job fails.</summary>
    public VendorScript Fail(string code = "Scripted", string message = "Failed as the script says.") => this with { End = ScriptEnd.Fail, Error = new ScriptError(code, message) };

    /// <summary>Somebody cancels it.</summary>
    public VendorScript Cancel(string? reason = null) => this with { End = ScriptEnd.Cancel, Error = ScriptError.Default with { Message = reason ?? "" } };

    /// <summary>It never ends.</summary>
    public VendorScript Stuck() => this with { End = ScriptEnd.Never };

    /// <summary>It takes long: a minute, or as long as is said, and its items are done one after the other.</summary>
    public VendorScript Slow(TimeSpan? time = null) => AfterTime(time ?? SlowTime);

    /// <summary>The first poll finds it gone: completed, and no longer kept.</summary>
    public VendorScript Expired() => this with { After = ScriptMoment.AfterPolls(0), ExpireAfter = ScriptMoment.AfterPolls(0) };

    /// <summary>Its end is seen by so many polls; then it is gone.</summary>
    public VendorScript ExpireAfterPolls(int polls) => this with { ExpireAfter = ScriptMoment.AfterPolls(polls) };

    /// <summary>So long after its end it is gone.</summary>
    public VendorScript ExpireAfterTime(TimeSpan time) => this with { ExpireAfter = ScriptMoment.AfterTime(time) };

    /// <summary>These items fail, by their ids, or by their places as <c>#0</c>.</summary>
    public VendorScript FailItems(string code, string message, params IReadOnlyList<string> keys)
    {
        if (keys.Count == 0) throw new ArgumentException("Name the items that fail; for all of them: FailAllItems.", nameof(keys));
        return this with { Items = [.. Items, new ScriptItems(keys, new ScriptError(code, message))] };
    }

    /// <summary>Every item fails.</summary>
    public VendorScript FailAllItems(string code, string message) => this with { Items = [.. Items, new ScriptItems([], new ScriptError(code, message))] };

    /// <summary>So many polls are answered with this status; they do not count as polls of the job.</summary>
    public VendorScript Answer(int status, int? times = 1, TimeSpan? retryAfter = null) => With(new ScriptFault(status, times, OnStart: false, retryAfter));

    /// <summary>So many requests that would begin the job are answered with this status.</summary>
    public VendorScript AnswerStart(int status, int? times = 1, TimeSpan? retryAfter = null) => With(new ScriptFault(status, times, OnStart: true, retryAfter));

    /// <summary>So many polls break off without an answer.</summary>
    public VendorScript Drop(int? times = 1) => With(new ScriptFault(ScriptFault.Drop, times));

    /// <summary>Each answer about the job is held back for so long.</summary>
    public VendorScript WithLag(TimeSpan lag) => this with { Lag = lag };

    /// <summary>What it gives: a JSON document.</summary>
    public VendorScript WithResult(string json) => this with { Result = json };

    /// <summary>A file that it publishes; what follows the last dot is its format.</summary>
    public VendorScript WithOutput(string fileName, string content) => this with { Outputs = [.. Outputs, new ScriptOutput(fileName, content)] };

    /// <summary>A line of its log.</summary>
    public VendorScript WithMessage(string text, JobSeverity severity = JobSeverity.Info) => this with { Messages = [.. Messages, new ScriptMessage(severity, text)] };

    /// <summary>The next jobs, so many, take this course.</summary>
    public VendorScript ForJobs(int jobs) => this with { Jobs = jobs };

    /// <summary>Every job takes this course, until the scripts are cleared.</summary>
    public VendorScript ForEveryJob() => this with { Jobs = null };

    /// <summary>The script as a text that <see cref="Parse(string)"/> reads.</summary>
    public override string ToString() => ScriptText.Write(this);

    private VendorScript With(ScriptFault fault) => this with { Faults = [.. Faults, fault] };
}
