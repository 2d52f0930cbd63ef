using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Errand;

/// <summary>The code that runs a type, on documents. Most handlers implement <see cref="IJobHandler{TInput,TResult}"/> instead.</summary>
public interface IJobHandler
{
    /// <summary>
    /// Runs one attempt. At least once: it may run again after a crash. An exception is a retryable failure, unless it is a
    /// <see cref="JobRejectedException"/>. <paramref name="cancellationToken"/> is raised by a cancel, a timeout, the deadline, a lost session and the shutdown of the worker.
    /// </summary>
    ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken);
}

/// <summary>The code that runs a type, on the user's own input and result.</summary>
/// <typeparam name="TInput">What the input is read as; must be known to <see cref="JobContext.SerializerOptions"/>.</typeparam>
/// <typeparam name="TResult">What is returned; null gives no result.</typeparam>
public interface IJobHandler<TInput, TResult> : IJobHandler
{
    /// <summary>Runs one attempt; see <see cref="IJobHandler.HandleAsync"/>.</summary>
    Task<TResult> RunAsync(TInput input, JobContext context, CancellationToken cancellationToken);

    /// <inheritdoc/>
    async ValueTask<JobOutcome> IJobHandler.HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        TInput? input;
        try
        {
            var json = context.Input.Json;
            input = json.IsEmpty ? default : JsonSerializer.Deserialize(json.Span, TypeInfo<TInput>(context));
        }
        catch (JsonException e)
        {
            return new JobOutcome.Failed(new JobError(
                JobErrorCodes.InputUnreadable, $"The input of '{context.Head.Type}' cannot be read as {typeof(TInput).Name}: {e.Message}"));
        }

        var result = await RunAsync(input!, context, cancellationToken);
        return result is null
            ? JobOutcome.Succeeded.Empty
            : new JobOutcome.Succeeded(JsonSerializer.SerializeToUtf8Bytes(result, TypeInfo<TResult>(context)));
    }

    private static JsonTypeInfo<T> TypeInfo<T>(JobContext context) => (JsonTypeInfo<T>)context.SerializerOptions.GetTypeInfo(typeof(T));
}
