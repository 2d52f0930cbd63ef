namespace Errand.Handlers;

/// <summary>Posts the job's input to a URL; the answer is the result.</summary>
internal sealed class HttpJobHandler(HttpExchange ours, HttpExchange callers, OutboundGuard guard, HttpHandlerOptions options) : IJobHandler
{
    private static readonly byte[] Nothing = "null"u8.ToArray();

    public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        var body = context.Input.Json.IsEmpty ? Nothing : context.Input.Json;
        if (CallerUrl.Read(context.Input.Json.Span, options.CallerUrlMember) is not { } named)
        {
            return options.Url is null
                ? CallerUrl.Missing(options.CallerUrlMember!)
                : await ours.SendAsync(new HttpCall(new Uri(options.Url), body, IsCallers: false), context, HttpAnswer.ResultLimit, cancellationToken);
        }

        if (!options.AllowCallerUrl) return CallerUrl.NotAllowed(options.CallerUrlMember!);
        if (guard.Check(named) is { } wrong) return CallerUrl.Wrong(options.CallerUrlMember!, wrong);
        return await callers.SendAsync(new HttpCall(new Uri(named), body, IsCallers: true), context, HttpAnswer.ResultLimit, cancellationToken);
    }
}
