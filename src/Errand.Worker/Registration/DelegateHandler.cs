namespace Errand.Worker;

/// <summary>A function as a handler.</summary>
internal sealed class DelegateHandler<TInput, TResult>(Func<TInput, JobContext, CancellationToken, Task<TResult>> run) : IJobHandler<TInput, TResult>
{
    public Task<TResult> RunAsync(TInput input, JobContext context, CancellationToken cancellationToken) => run(input, context, cancellationToken);
}
