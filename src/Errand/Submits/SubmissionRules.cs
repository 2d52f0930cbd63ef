namespace Errand.Submits;

/// <summary>What a submission must satisfy. Every mistake is reported, each with its place and the fix.</summary>
internal static class SubmissionRules
{
    public const int LabelsMax = 32;
    public const int LabelNameMax = 63;
    public const int LabelValueMax = 255;
    public const int KeyMax = 255;
    public const int AttemptsMax = 100;
    public static readonly TimeSpan AheadMax = TimeSpan.FromDays(366);
    public static readonly TimeSpan RetentionMax = TimeSpan.FromDays(3_660);

    /// <summary>
    /// Checks everything that needs no look-up. <paramref name="at"/> is the pointer of the submission itself: <c>#</c>, or
    /// <c>#/items/3</c>.
    /// </summary>
    public static void Check(JobSubmission job, DateTimeOffset now, string at, List<JobFieldError> errors)
    {
        void Wrong(string field, string detail) => errors.Add(new JobFieldError($"{at}/{field}", detail));

        if (!JobNames.IsTypeOrQueue(job.Type))
        {
            Wrong("type", "A type is 1 to 128 of a-z, 0-9, '.', '_' and '-', beginning with a letter: 'report.export'.");
        }

        if (job.Queue is not null && !JobNames.IsTypeOrQueue(job.Queue))
        {
            Wrong("queue", "A queue is 1 to 128 of a-z, 0-9, '.', '_' and '-', beginning with a letter: 'bulk'.");
        }

        if (job.Priority is < 0 or > 9) Wrong("priority", $"The priority is {job.Priority}; it must be 0 to 9, 9 the most urgent.");
        if (job.MaxAttempts is < 1 or > AttemptsMax)
        {
            Wrong("maxAttempts", $"maxAttempts is {job.MaxAttempts}; it must be 1 to {AttemptsMax}.");
        }

        if (job.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > AheadMax))
        {
            Wrong("timeout", $"The timeout must be more than zero and at most {AheadMax.Days} days; leave it out for the type's.");
        }

        if (job.Retention is { } kept && (kept < TimeSpan.Zero || kept > RetentionMax))
        {
            Wrong("retention", $"The retention must be between zero and {RetentionMax.Days} days.");
        }

        CheckTimes(job, now, Wrong);
        CheckLabels(job.Labels, Wrong);
        CheckKey(job.UniqueKey, "uniqueKey", Wrong);
        CheckKey(job.CorrelationId, "correlationId", Wrong);
        CheckKey(job.ParentId, "parentId", Wrong);
        CheckDocuments(job, Wrong);
    }

    /// <summary>Checks the members of a change; the same rules as for a submit.</summary>
    public static List<JobFieldError> Check(JobUpdate update, DateTimeOffset now)
    {
        List<JobFieldError> errors = [];
        var same = new JobSubmission
        {
            Type = "x",
            Priority = update.Priority,
            Labels = update.Labels,
            RunAt = update.RunAt,
            Deadline = update.Deadline,
            MaxAttempts = update.MaxAttempts,
        };
        Check(same, now, "#", errors);
        if (update.RemoveDeadline && update.Deadline is not null)
        {
            errors.Add(new JobFieldError("#/deadline", "The deadline cannot be both set and removed."));
        }

        return errors;
    }

    private static void CheckTimes(JobSubmission job, DateTimeOffset now, Action<string, string> wrong)
    {
        if (job.RunAt is not null && job.Delay is not null) wrong("delay", "Give either runAt or delay, not both.");
        if (job.RunAt > now + AheadMax)
        {
            wrong("runAt", $"runAt is more than {AheadMax.Days} days ahead; submit the job nearer to its time.");
        }

        if (job.Delay < TimeSpan.Zero || job.Delay > AheadMax) wrong("delay", $"The delay must be between zero and {AheadMax.Days} days.");
        if (job.Deadline is not { } deadline) return;
        if (deadline <= now) wrong("deadline", "The deadline is in the past; it must be ahead.");
        else if (deadline <= job.RunAt || (job.Delay is { } delay && delay <= AheadMax && deadline <= now + delay))
        {
            wrong("deadline", "The deadline is before the job may start; it must be after runAt.");
        }
    }

    private static void CheckLabels(IReadOnlyDictionary<string, string>? labels, Action<string, string> wrong)
    {
        if (labels is null) return;
        if (labels.Count > LabelsMax) wrong("labels", $"There are {labels.Count} labels; at most {LabelsMax} are kept.");
        foreach (var (name, value) in labels)
        {
            if (name.Length is 0 or > LabelNameMax)
            {
                wrong("labels", $"The label '{Shown(name)}' must have a name of 1 to {LabelNameMax} characters.");
            }
            else if (value is null || value.Length > LabelValueMax)
            {
                wrong($"labels/{JsonPointer.Escape(name)}", $"The value of a label is a text of at most {LabelValueMax} characters.");
            }
        }
    }

    private static void CheckKey(string? key, string field, Action<string, string> wrong)
    {
        if (key is { Length: 0 or > KeyMax }) wrong(field, $"It must be 1 to {KeyMax} characters; leave it out for none.");
    }

    private static void CheckDocuments(JobSubmission job, Action<string, string> wrong)
    {
        if (JsonRules.Mistake(job.Input.Span) is { } input) wrong("input", input);
        if (!job.Items.IsEmpty && job.ItemsFrom is not null) wrong("itemsFrom", "Give either items or itemsFrom, not both.");
        if (!job.Items.IsEmpty && JsonRules.ItemsMistake(job.Items.Span) is { } items) wrong("items", items);
        if (job.ItemsFrom is not null && !JobId.TryParse(job.ItemsFrom, out _))
        {
            wrong("itemsFrom", "It must be the id of an upload: 32 hex digits, as POST /v1/uploads answers.");
        }
    }

    private static string Shown(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
