namespace Errand.AspNetCore;

/// <summary>A kind of problem.</summary>
/// <param name="Name">Its name in the catalogue and the last part of its type's URL.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The kind in a few words.</param>
/// <param name="IsPlain">True when the status says it all: the type is then <c>about:blank</c>.</param>
internal sealed record ProblemKind(string Name, int Status, string Title, bool IsPlain = false)
{
    /// <summary>Registered types of IANA, for those that are not ours.</summary>
    public string? Type { get; init; }

    /// <summary>The name in snake_case, as clients compare it.</summary>
    public string Code { get; } = Name.Replace('-', '_');
}

/// <summary>Every kind of problem of the native API. <c>docs/problems</c> has a page for each; a test compares the two.</summary>
internal static class ProblemCatalog
{
    private const string Iana = "https://iana.org/assignments/http-problem-types#";

    public static readonly ProblemKind InvalidRequest = new(JobProblems.InvalidRequest, 400, "The request cannot be understood");
    public static readonly ProblemKind InvalidPageToken = new(JobProblems.InvalidPageToken, 400, "The page token does not belong to this list");
    public static readonly ProblemKind UnknownParameter = new(JobProblems.UnknownParameter, 400, "The query has an unknown parameter");
    public static readonly ProblemKind IdempotencyKeyInvalid = new(JobProblems.IdempotencyKeyInvalid, 400, "The Idempotency-Key is malformed");
    public static readonly ProblemKind Unauthenticated = new(JobProblems.Unauthenticated, 401, "No valid credentials");
    public static readonly ProblemKind InsufficientScope = new(JobProblems.InsufficientScope, 403, "A scope is missing");
    public static readonly ProblemKind CallerNotMapped = new(JobProblems.CallerNotMapped, 403, "The app does not say whose jobs these are");
    public static readonly ProblemKind NotFound = new(JobProblems.NotFound, 404, "Not found");
    public static readonly ProblemKind JobFailed = new(JobProblems.JobFailed, 409, "The job failed");
    public static readonly ProblemKind JobCanceled = new(JobProblems.JobCanceled, 409, "The job was canceled");
    public static readonly ProblemKind LeaseLost = new(JobProblems.LeaseLost, 409, "The lease is over");
    public static readonly ProblemKind JobPurged = new(JobProblems.JobPurged, 410, "The job was purged");
    public static readonly ProblemKind ResultExpired = new(JobProblems.ResultExpired, 410, "The result was removed");
    public static readonly ProblemKind PreconditionFailed = new(JobProblems.PreconditionFailed, 412, "The job has changed");
    public static readonly ProblemKind PayloadTooLarge = new(JobProblems.PayloadTooLarge, 413, "Too many bytes");
    public static readonly ProblemKind UnsupportedMediaType = new(JobProblems.UnsupportedMediaType, 415, "Another media type is expected");
    public static readonly ProblemKind PreconditionRequired = new(JobProblems.PreconditionRequired, 428, "An If-Match is required");
    public static readonly ProblemKind QuotaExceeded = new(JobProblems.QuotaExceeded, 429, "A limit is reached") { Type = Iana + "quota-exceeded" };
    public static readonly ProblemKind Internal = new(JobProblems.Internal, 500, "Something broke here");
    public static readonly ProblemKind StoreUnavailable = new(JobProblems.StoreUnavailable, 503, "The store cannot be reached");
    public static readonly ProblemKind StoreFull = new(JobProblems.StoreFull, 507, "The store has no room");
    public static readonly ProblemKind Draining = new(JobProblems.Draining, 503, "The server is shutting down");

    public static readonly ProblemKind RouteNotFound = new("route-not-found", 404, "Not Found", IsPlain: true);
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "Method Not Allowed", IsPlain: true);
    public static readonly ProblemKind NotAcceptable = new("not-acceptable", 406, "Not Acceptable", IsPlain: true);
    public static readonly ProblemKind RequestTimeout = new("request-timeout", 408, "Request Timeout", IsPlain: true);

    private static readonly Dictionary<string, ProblemKind> ByName = new ProblemKind[]
    {
        InvalidRequest, InvalidPageToken, UnknownParameter, IdempotencyKeyInvalid, Unauthenticated, InsufficientScope, CallerNotMapped, NotFound, JobFailed, JobCanceled,
        LeaseLost, JobPurged, ResultExpired, PreconditionFailed, PayloadTooLarge, UnsupportedMediaType, PreconditionRequired, QuotaExceeded, Internal,
        StoreUnavailable, StoreFull, Draining,
        new(JobProblems.IdempotencyKeyMissing, 400, "An Idempotency-Key is required"),
        new(JobProblems.UnknownJobType, 404, "The type is unknown"),
        new(JobProblems.JobExists, 409, "The id is taken by a different job"),
        new(JobProblems.UniqueKeyConflict, 409, "A live job has the unique key"),
        new(JobProblems.ScheduleExists, 409, "The name is taken by another schedule"),
        new(JobProblems.JobActive, 409, "The job is not finished"),
        new(JobProblems.JobFinished, 409, "The job is finished"),
        new(JobProblems.JobNotFinished, 409, "Only a failed or canceled job can be retried"),
        new(JobProblems.IdempotencyInProgress, 409, "The first request with this key is still being answered"),
        new(JobProblems.InputSchemaViolation, 422, "The input does not match the type's schema"),
        new(JobProblems.IdempotencyKeyReused, 422, "The Idempotency-Key was used for another request"),
        new(JobProblems.ReducedCapacity, 503, "The store is slow") { Type = Iana + "temporary-reduced-capacity" },
    }.ToDictionary(k => k.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<ProblemKind> All => ByName.Values;

    public static ProblemKind Of(string name) => ByName.GetValueOrDefault(name, Internal);
}
