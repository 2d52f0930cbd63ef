using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Errand.Client.Locations;
using Errand.Client.Waiting;
using Errand.Contracts;

namespace Errand.Client.Handles;

/// <summary>Handles over the API client.</summary>
internal sealed class ErrandJobs(HttpJobClient api) : IErrandJobs
{
    [RequiresUnreferencedCode(Reflected.Message), RequiresDynamicCode(Reflected.Message)]
    public async Task<JobHandle<TResult>> SubmitAsync<TResult>(
        string type, object? input = null, JobSubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        RawJson? json = input is null ? null : new(JsonSerializer.SerializeToUtf8Bytes(input, input.GetType(), JsonSerializerOptions.Web));
        var job = await SubmitAsync((options ?? new()).Request(type, json), options?.IdempotencyKey, cancellationToken);
        return job.As<TResult>();
    }

    public async Task<JobHandle<TResult>> SubmitAsync<TInput, TResult>(
        string type, TInput input, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TResult> resultType, JobSubmitOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        RawJson? json = input is null ? null : new(JsonSerializer.SerializeToUtf8Bytes(input, inputType));
        var job = await SubmitAsync((options ?? new()).Request(type, json), options?.IdempotencyKey, cancellationToken);
        return job.As(resultType);
    }

    public async Task<JobHandle> SubmitAsync(SubmitJobRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var job = request.Id is { } id
            ? await api.PutAsync(id, request with { Id = null }, cancellationToken)
            : (await api.SubmitAsync(request, idempotencyKey, cancellationToken)).Job;
        return Native(job.Id!);
    }

    public JobHandle Get(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return id.Contains("://", StringComparison.Ordinal)
            ? new JobHandle(new LocationWire(JobLocation.Of(new Uri(id, UriKind.Absolute)), LocationClient.Own(api)), api.Options)
            : Native(id);
    }

    public JobHandle FromLocation(HttpResponseMessage response, HttpClient? http = null)
    {
        var location = JobLocation.Of(response, api.Options.Time);
        if (http is null && location.NativeId(api.Server, api.Options.Prefix) is { } id) return Native(id);
        var client = http is null ? LocationClient.Own(api) : new LocationClient(http, origin: null);
        client.Check(location.Poll);
        return new JobHandle(new LocationWire(location, client), api.Options);
    }

    public IAsyncEnumerable<JobResource> ListAsync(string? filter = null, CancellationToken cancellationToken = default) =>
        api.ListAsync(filter, pageSize: null, cancellationToken);

    private JobHandle Native(string id) => new(new NativeWire(api, id), api.Options);
}
