using Errand.Contracts;

namespace Errand.AspNetCore;

/// <summary>Reads what a remote worker says became of an attempt.</summary>
internal static class Outcomes
{
    private static readonly TimeSpan DelayMax = TimeSpan.FromDays(365);

    public static JobOutcome From(SettlementRequest request, string pointer) => request.Outcome switch
    {
        SettleOutcome.Succeeded => Succeeded(request, pointer),
        SettleOutcome.Failed => new JobOutcome.Failed(
            Error(request.Error ?? throw Invalid($"{pointer}/error", "A failed attempt says why: {\"code\":\"…\",\"message\":\"…\"}.")), Delay(request, pointer)),
        SettleOutcome.Snoozed => new JobOutcome.Snoozed(Delay(request, pointer) ?? throw Invalid($"{pointer}/retryAfter", "A snooze says for how long: PT30S.")),
        SettleOutcome.Canceled => new JobOutcome.Canceled(request.Reason),
        _ => JobOutcome.Released.Instance,
    };

    public static JobError Error(SettleError error) => new(Cut(error.Code, 100), Cut(error.Message, 4000), error.Retryable, error.Detail is { } detail ? Cut(detail, 32_000) : null);

    private static JobOutcome.Succeeded Succeeded(SettlementRequest request, string pointer)
    {
        if (request is { Result: not null, ResultBytes: not null }) throw Invalid($"{pointer}/resultBytes", "Give result or resultBytes, not both.");
        var status = request.StatusCode ?? 200;
        if (status is < 100 or > 599) throw Invalid($"{pointer}/statusCode", "A status code lies between 100 and 599.");
        if (request.ResultBytes is { } bytes) return new JobOutcome.Succeeded(bytes, request.ContentType ?? "application/octet-stream", status);
        return request.Result is { } result ? new JobOutcome.Succeeded(result.Utf8, MediaTypes.Json, status) : new JobOutcome.Succeeded(StatusCode: status);
    }

    private static TimeSpan? Delay(SettlementRequest request, string pointer) => request.RetryAfter is { } delay && (delay < TimeSpan.Zero || delay > DelayMax)
        ? throw Invalid($"{pointer}/retryAfter", "A delay is at least nothing and at most a year.")
        : request.RetryAfter;

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..max];

    private static ApiProblemException Invalid(string pointer, string detail) => new(ApiProblem.Invalid(pointer, detail));
}
