using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore;

/// <summary>
/// Runs an endpoint's handler as an attempt: the stored arguments, and everything else resolved anew in the attempt's scope. Neither
/// binding nor filters run again; they had their say when the job was accepted.
/// </summary>
internal sealed class EndpointJobHandler(EndpointJob job, Sealer sealer) : IJobHandler
{
    public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        var plan = job.Plan!;
        object?[] arguments;
        string? sealedCaller;
        try
        {
            (arguments, sealedCaller) = EndpointJobInput.Read(plan, context.Input.Json);
        }
        catch (JsonException e)
        {
            return new JobOutcome.Failed(new JobError(JobErrorCodes.InputUnreadable, $"The input of '{context.Head.Type}' does not fit its endpoint: {e.Message}"));
        }

        if (sealedCaller is not null && !await OpenCallerAsync(context, sealedCaller, cancellationToken))
        {
            return new JobOutcome.Failed(new JobError(
                JobErrorCodes.HandlerRejected, $"The member {EndpointJobInput.CallerMember} was not made for this job. Submit without it."));
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (plan.Parameters[i].Resolve is { } resolve) arguments[i] = resolve(context.Services, context);
        }

        using var http = new EndpointJobHttp(context.Services, cancellationToken);
        var result = await plan.Call(new DefaultEndpointFilterInvocationContext(http.Context, arguments));
        return await EndpointJobOutcome.OfAsync(result, plan, http);
    }

    private async ValueTask<bool> OpenCallerAsync(JobContext context, string text, CancellationToken cancellationToken)
    {
        if (await OpenAsync(context, text, cancellationToken) is not { } content) return false;
        var snapshot = JsonSerializer.Deserialize(content, PlainJson.Default.CallerSnapshot)!;
        context.Services.GetRequiredService<JobScope>().Caller = new JobCaller(context.Head.Tenant, context.Head.Owner)
        {
            Scopes = snapshot.Scopes,
            Roles = snapshot.Roles,
            Claims = snapshot.Claims,
        };
        return true;
    }

    // By the name that the job has, and by every other that its type has or had: the retry of an old job has the new name.
    private async ValueTask<byte[]?> OpenAsync(JobContext context, string text, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { context.Head.Type, job.Type.Name }.Concat(job.Type.Aliases).Distinct(StringComparer.Ordinal))
        {
            var purpose = EndpointJobInput.Purpose(name, context.Head.Tenant, context.Head.Owner, context.Input.Json);
            if (await sealer.OpenAsync(purpose, text, cancellationToken) is { } content) return content;
        }

        return null;
    }
}
