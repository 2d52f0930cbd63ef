using Errand.Contracts;
using Errand.Storage;
using Errand.Work;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Puts exceptions into the words of the catalogue. Null: a bug, told as <c>internal</c> and logged.</summary>
internal static class Failures
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static ApiProblem? Explain(Exception exception, DateTimeOffset now, long bodyBytesMax) => exception switch
    {
        ApiProblemException e => e.Problem,
        JobProblemException e => ApiProblem.From(e.Problem, now),
        LeaseLostException => LeaseLost,
        OutcomeUnknownException e => new ApiProblem(ProblemCatalog.StoreUnavailable, $"{e.Message} Send the same request again with the same Idempotency-Key or id: it has its effect once.") { RetryAfter = Soon },
        StorageException { Fault: StorageFault.Full } => new ApiProblem(ProblemCatalog.StoreFull, "The disk of the store is full. Running jobs can still end; new ones are taken again when there is room.") { RetryAfter = TimeSpan.FromSeconds(30) },
        StorageException => new ApiProblem(ProblemCatalog.StoreUnavailable, "The store cannot be reached. Nothing was changed; try again.") { RetryAfter = Soon },
        BadHttpRequestException { StatusCode: 413 } => TooLarge(bodyBytesMax),
        BadHttpRequestException { StatusCode: 408 } => new ApiProblem(ProblemCatalog.RequestTimeout, "The body came too slowly."),
        BadHttpRequestException => ApiProblem.Invalid("#", "The body is not as its headers say."),
        _ => null,
    };

    public static ApiProblem LeaseLost { get; } =
        new(ProblemCatalog.LeaseLost, "The lease or its session is over, and another worker may have the job. Stop working on it; nothing that is reported counts.");

    public static ApiProblem TooLarge(long max) => new(ProblemCatalog.PayloadTooLarge, $"The body may have {max} bytes at most.") { MaxBytes = max };

    public static ApiProblem Internal { get; } = new(ProblemCatalog.Internal, "Something broke here. It was logged under the trace id.");

    public static ApiProblem Missing(FieldErrorResource error) => new(ProblemCatalog.InvalidRequest, error.Detail) { Errors = [error] };
}
