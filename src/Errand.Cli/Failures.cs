using System.Net;
using Errand.Cli.Terminals;
using Errand.Client;
using Errand.Server.Configuration;
using Errand.Storage;

namespace Errand.Cli;

/// <summary>Turns whatever went wrong into a sentence and an exit code.</summary>
internal static class Failures
{
    public static int Tell(Exception exception, Terminal terminal)
    {
        var (code, message) = Of(exception);
        terminal.Error.WriteLine(message is null ? "errand: interrupted." : $"errand: {message}");
        if (code == ExitCodes.Unexpected && terminal.Variable("ERRAND_DEBUG") is not null) terminal.Error.WriteLine(exception);
        return code;
    }

    private static (int Code, string? Message) Of(Exception exception) => exception switch
    {
        CliException e => (e.ExitCode, e.Message),
        OperationCanceledException => (ExitCodes.Interrupted, null),
        ErrandApiException e => (CodeOf(e), Sentence(e)),
        ErrandUnreachableException e =>
            (ExitCodes.Unreachable, $"{e.Message} Start a server with 'errand dev', or name one with --url or ERRAND_URL."),
        ConfigException e => (ExitCodes.Usage, e.Message),
        StorageException e => (CodeOf(e.Fault), e.Message),
        _ => (ExitCodes.Unexpected, $"unexpected: {exception.Message} (ERRAND_DEBUG=1 shows more)"),
    };

    private static int CodeOf(ErrandApiException refusal) => (refusal.Name, refusal.Status) switch
    {
        (JobProblems.JobFailed, _) => ExitCodes.JobFailed,
        (JobProblems.JobCanceled, _) => ExitCodes.Canceled,
        (JobProblems.IdempotencyKeyReused, _) => ExitCodes.Conflict,
        (_, HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) => ExitCodes.NotAllowed,
        (_, HttpStatusCode.NotFound or HttpStatusCode.Gone) => ExitCodes.NotFound,
        (_, HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.PreconditionRequired) => ExitCodes.Conflict,
        (_, HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.InsufficientStorage) =>
            ExitCodes.Unreachable,
        (_, HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout) => ExitCodes.Unreachable,
        (_, >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError) => ExitCodes.Usage,
        _ => ExitCodes.Unexpected,
    };

    private static int CodeOf(StorageFault fault) => fault switch
    {
        StorageFault.Locked => ExitCodes.Conflict,
        StorageFault.NotWritable => ExitCodes.NotAllowed,
        StorageFault.Unavailable or StorageFault.Full => ExitCodes.Unreachable,
        _ => ExitCodes.Unexpected,
    };

    private static string Sentence(ErrandApiException refusal)
    {
        var fields = string.Concat((refusal.Problem.Errors ?? []).Select(error => $"\n  {error.Pointer}: {error.Detail}"));
        var hint = refusal.Status switch
        {
            HttpStatusCode.Unauthorized => " The command takes it from --token or ERRAND_TOKEN.",
            HttpStatusCode.Forbidden => " Make a token with that scope: errand token create --scopes \"…\".",
            _ => "",
        };
        var again = refusal.RetryAfter is { } wait ? $" Try again in {Math.Ceiling(wait.TotalSeconds)} s." : "";
        return $"{refusal.Message}{hint}{fields}{again}";
    }
}
