using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Errand.Dialects.Alteryx;

/// <summary>Jobs in the words of Alteryx Server v3. Pure.</summary>
internal static class AlteryxMapping
{
    /// <summary>Labels that keep what the contract said and the job has no member for.</summary>
    public const string WorkerTagLabel = "alteryx.workerTag";
    public const string PriorityLabel = "alteryx.priority";
    public const string CredentialLabel = "alteryx.credentialId";

    public const int Info = 1;
    public const int Warning = 2;
    public const int Error = 3;
    public const int Complete = 4;

    /// <summary>The engine itself, as the source of a message.</summary>
    public const int Engine = -1;

    public static readonly IReadOnlyList<string> Priorities = ["Default", "Low", "Medium", "High", "Critical"];

    private static readonly string[] Formats =
        ["Raw", "Yxdb", "Shp", "Kml", "Tab", "Mif", "Dbf", "Csv", "Pdf", "Docx", "Xlsx", "Html", "Tde", "Zip"];

    /// <summary>
    /// 24 hex digits, the shape of the vendor's ids: the first 12 bytes of SHA-256 of tenant and type, so that every node makes the same.
    /// </summary>
    public static string WorkflowId(string tenant, string type) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{type}")).AsSpan(0, 12));

    /// <summary>A status never falls back: a job that waits for its next attempt is still running.</summary>
    public static string Status(JobHead job) => job.State switch
    {
        JobState.Queued => job.Attempt == 0 ? "Queued" : "Running",
        JobState.Running or JobState.Canceling => "Running",
        JobState.Canceled => "Cancelled",
        _ => "Completed",
    };

    /// <summary>How it ended. A failure is a completed job: only this tells it apart.</summary>
    public static string Disposition(JobHead job) => job.State switch
    {
        JobState.Succeeded => "Success",
        JobState.Failed => "Error",
        JobState.Canceled => "Cancelled",
        _ => "None",
    };

    /// <summary>What the list can be filtered by: as the disposition, and <c>Warning</c> for a success with failed items. Null while it lives, and when it was canceled.</summary>
    public static string? ResultCode(Job job) => job.Head.State switch
    {
        JobState.Succeeded => job.Items is { Failed: > 0 } ? "Warning" : "Success",
        JobState.Failed => "Error",
        _ => null,
    };

    public static string Priority(Job job) => job.Details.Labels.GetValueOrDefault(PriorityLabel) is { } said && Level(said) == job.Head.Priority ? said : job.Head.Priority switch
    {
        <= 3 => "Low",
        <= 6 => "Default",
        <= 8 => "High",
        _ => "Critical",
    };

    public static int Level(string priority) => priority switch { "Low" => 2, "High" => 7, "Critical" => 9, _ => 5 };

    public static string WorkerTag(Job job) => job.Details.Labels.GetValueOrDefault(WorkerTagLabel) ?? JobNames.TagOf(job.Head.Queue) ?? "";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static JobView View(Job job, Workflow workflow, IReadOnlyList<JobOutput> outputs, IReadOnlyList<MessageView>? messages) => new(
        job.Head.Id.ToString(), workflow.Id, Time(job.Head.CreatedAt), Status(job.Head), Disposition(job.Head), [.. outputs.Select(View)], messages,
        Priority(job), WorkerTag(job), workflow.Publication.RunWithE2);

    public static WorkflowJobView ListView(Job job, Workflow workflow) => new(
        job.Head.Id.ToString(), Time(job.Head.CreatedAt), Status(job.Head), Priority(job), WorkerTag(job), workflow.Publication.RunWithE2);

    /// <summary>The lines of the log, and at the end how it ended, as the engine of the vendor says it.</summary>
    public static IReadOnlyList<MessageView> Messages(Job job, IReadOnlyList<JobMessage> log)
    {
        List<MessageView> messages = [.. log.Select(line => new MessageView(StatusOf(line.Severity), line.Text, line.Source ?? Engine))];
        if (job.Head is { State: JobState.Succeeded, StartedAt: { } started, FinishedAt: { } finished })
        {
            messages.Add(new(Complete, string.Create(CultureInfo.InvariantCulture, $"Finished in {(finished - started).TotalSeconds:0.0} seconds"), Engine));
        }
        else if (job.Head is { State: JobState.Failed, Error: { } error })
        {
            messages.Add(new(Error, error.Message, Engine));
        }
        else if (job.Head is { State: JobState.Canceled } canceled)
        {
            messages.Add(new(Warning, canceled.CancelReason is { } reason ? $"Cancelled: {reason}" : "Cancelled", Engine));
        }

        return messages;
    }

    /// <summary>The gravest, of those the latest: what is shown where only one can be.</summary>
    public static MessageView Gravest(IReadOnlyList<MessageView> messages) =>
        messages.LastOrDefault(one => one.Status == messages.Max(m => Rank(m))) is { Status: Error or Warning } grave
            ? grave
            : messages.Count > 0 ? messages[^1] : new MessageView(0, "", 0);

    /// <summary>The words of the vendor for an output's renderings; <c>Raw</c> is the file as it was published.</summary>
    public static IReadOnlyList<string> AvailableFormats(JobOutput output) =>
        [.. output.Formats.Select(one => Word(one.Format)).OfType<string>().Prepend("Raw").Distinct(StringComparer.Ordinal)];

    /// <summary>The rendering that <c>?format=</c> asks for: null for none of these. Without a format, and for <c>Raw</c>: the first.</summary>
    public static JobOutputFormat? Rendering(JobOutput output, string? format) =>
        string.IsNullOrEmpty(format) || format.Equals("Raw", StringComparison.OrdinalIgnoreCase)
            ? output.Formats[0]
            : output.Formats.FirstOrDefault(one => one.Format.Equals(format, StringComparison.OrdinalIgnoreCase));

    public static QuestionView View(AlteryxQuestion question) => new(
        question.Name, question.QuestionType, question.Description, question.Value ?? "", question.Multiple,
        [.. question.Items.Select(item => new ChoiceView(item.Key, item.Value))]);

    private static OutputView View(JobOutput output) => new(output.Id, AvailableFormats(output), output.FileName);

    private static string? Word(string format) => Formats.FirstOrDefault(one => one.Equals(format, StringComparison.OrdinalIgnoreCase));

    private static int StatusOf(JobSeverity severity) => severity switch
    {
        JobSeverity.Error => Error,
        JobSeverity.Warning => Warning,
        _ => Info,
    };

    // Complete is a greater number than an error and no graver than a line of information.
    private static int Rank(MessageView message) => message.Status is Error or Warning ? message.Status : Info;
}
