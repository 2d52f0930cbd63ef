using Errand.Catalog;
using Errand.Storage;

namespace Errand.Submits;

/// <summary>Turns a submission into a draft that may be stored, or says everything that is wrong with it.</summary>
internal sealed class SubmitChecks(IJobStorage storage, TypeCatalog types, TimeProvider time)
{
    /// <summary>Checks one submission; <paramref name="at"/> is where it stands in the request.</summary>
    public async ValueTask<(SubmitDraft? Draft, JobProblem? Problem)> CheckAsync(
        JobCaller caller, JobSubmission submission, IdempotencyKey? key, string at, CancellationToken cancellationToken)
    {
        List<JobFieldError> errors = [];
        SubmissionRules.Check(submission, time.GetUtcNow(), at, errors);
        var type = await types.FindAsync(submission.Type, cancellationToken);
        if (errors.Count > 0) return (null, Invalid(errors));
        if (type is null || (type.Internal && caller != JobCaller.System(caller.Tenant))) return (null, UnknownType(submission.Type, at));
        if (KeyMistake(type, key) is { } mistake) return (null, mistake);
        if (submission.ItemsFrom is null) return (new SubmitDraft(submission, type, null), null);

        var upload = await FindUploadAsync(caller, submission.ItemsFrom, cancellationToken);
        return upload is null ? (null, NoUpload(at)) : (new SubmitDraft(submission, type, upload), null);
    }

    public static JobProblem Invalid(IReadOnlyList<JobFieldError> errors) => new(
        JobProblems.InvalidRequest, errors.Count == 1 ? errors[0].Detail : $"{errors.Count} fields are wrong; each is named with its fix.")
    {
        Errors = errors,
    };

    public static JobProblem NoUpload(string at) => Invalid(
        [new JobFieldError($"{at}/itemsFrom",
        "There is no such upload, or it was used by another job, or it is over 24 hours old. Upload the items again.")]);

    /// <summary>An upload is named once: by its owner, before it is over. The store looks again when it commits.</summary>
    private async ValueTask<Upload?> FindUploadAsync(JobCaller caller, string id, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var parsed)) return null;
        var upload = await storage.Uploads.FindAsync(caller.Tenant, parsed.ToString(), cancellationToken);
        return upload is not null && (caller.SeesAll || upload.Owner == caller.Subject) ? upload : null;
    }

    private static JobProblem UnknownType(string type, string at)
    {
        var detail = $"No node has declared the type '{type}'. Add a handler for it, or a section of that name under 'types' in errand.json.";
        return new JobProblem(JobProblems.UnknownJobType, detail) { Errors = [new JobFieldError($"{at}/type", detail)] };
    }

    private static JobProblem? KeyMistake(JobType type, IdempotencyKey? key)
    {
        if (key is null)
        {
            return type.RequireIdempotencyKey
                ? new JobProblem(JobProblems.IdempotencyKeyMissing,
                    $"Jobs of type '{type.Name}' must be submitted with an Idempotency-Key header.")
                : null;
        }

        return SubmitScope.IsKey(key.Key)
            ? null
            : new JobProblem(
                JobProblems.IdempotencyKeyInvalid, "The Idempotency-Key must be 1 to 255 visible ASCII characters, quoted or not.");
    }
}
