using System.Text.Json;
using Errand.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Errand.AspNetCore;

/// <summary>Answers the request of an endpoint that runs as a job: stores the bound arguments, and then the native 202.</summary>
internal static class EndpointJobAccepting
{
    private static readonly ApiRoute Route = SubmitJob.Route with { Name = "endpoint" };

    public static async ValueTask<object?> AnswerAsync(EndpointJob job, EndpointFilterInvocationContext invocation)
    {
        var http = invocation.HttpContext;

        // Binding, validation or a filter has refused it already: there is no job.
        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest) return Results.Empty;
        var api = ErrandApiSource.Of(http.RequestServices);
        var urls = api.Urls.For(http.Request);
        try
        {
            StandBy.ThrowIf(http, api.Health);
            await AcceptAsync(job, invocation, api, urls);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left; nobody reads an answer.
        }
        catch (Exception e)
        {
            var problem = Failures.Explain(e, api.Time.GetUtcNow(), api.Options.BodyBytesMax);
            if (problem is null) ApiLog.Broke(api.Logger, e, http.Request.Method, job.Name);
            await api.Problems.WriteAsync(http, problem ?? Failures.Internal, urls);
        }

        return Results.Empty;
    }

    private static async Task AcceptAsync(EndpointJob job, EndpointFilterInvocationContext invocation, ErrandApi api, ApiUrls urls)
    {
        var http = invocation.HttpContext;
        var receivedAt = api.Time.GetTimestamp();
        var principal = await api.Callers.AuthenticateAsync(http) ?? throw new ApiProblemException(api.Callers.Refusal(http));
        var call = new ApiCall(http, api, Route, principal, urls);
        call.RefuseWhileDraining();

        var plan = job.Plan!;
        var arguments = EndpointJobInput.Arguments(plan, invocation.Arguments);
        var pattern = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? job.Type.Name;
        var key = IdempotencyHeader.Of(http.Request, $"{http.Request.Method} {pattern}", arguments);
        var (parent, state) = TraceHeaders.Of(http.Request);
        var receipt = await call.Jobs.SubmitAsync(
            new JobSubmission
            {
                Type = job.Type.Name,
                Input = EndpointJobInput.WithCaller(plan, invocation.Arguments, await SealAsync(job, call, arguments)),
                TraceParent = parent,
                TraceState = state,
            },
            key,
            http.RequestAborted);
        Submissions.SetKind(call, receipt.Kind);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await Submissions.AnswerAsync(call, receipt.Job, Preferences.Of(http.Request, api.Options.WaitMax), StatusCodes.Status202Accepted, receivedAt);
    }

    private static ValueTask<string> SealAsync(EndpointJob job, ApiCall call, byte[] arguments)
    {
        var (principal, caller) = (call.Principal, call.Principal.Caller);
        var snapshot = new CallerSnapshot([.. principal.Scopes], principal.Roles, principal.Claims);
        return call.Api.Sealer.SealAsync(
            EndpointJobInput.Purpose(job.Type.Name, caller.Tenant, caller.Subject, arguments),
            JsonSerializer.SerializeToUtf8Bytes(snapshot, PlainJson.Default.CallerSnapshot), call.Aborted);
    }
}
