using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Errand.Contracts;

namespace Errand.Client;

/// <summary>Jobs of an Errand server, as handles.</summary>
public interface IErrandJobs
{
    /// <summary>Submits a job. When this returns the job is on the server's disk, and made once however often the connection broke.</summary>
    /// <typeparam name="TResult">What the result will be read as.</typeparam>
    /// <param name="type">The declared name of what runs it: <c>report.export</c>.</param>
    /// <param name="input">The input, written as camelCase JSON by reflection; null for none.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="cancellationToken">Ends the call. Whether the job was made is then not known; the same key asks again.</param>
    /// <exception cref="ErrandApiException">The server refused it, and says which field and why.</exception>
    [RequiresUnreferencedCode(Reflected.Message), RequiresDynamicCode(Reflected.Message)]
    Task<JobHandle<TResult>> SubmitAsync<TResult>(
        string type, object? input = null, JobSubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits a job, with JSON by source generation: for trimmed and AOT programs.</summary>
    /// <typeparam name="TInput">What the input is.</typeparam>
    /// <typeparam name="TResult">What the result will be read as.</typeparam>
    /// <param name="type">The declared name of what runs it: <c>report.export</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="inputType">How the input is written: <c>AppJson.Default.ReportRequest</c>.</param>
    /// <param name="resultType">How the result is read: <c>AppJson.Default.ReportResult</c>.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ErrandApiException">The server refused it, and says which field and why.</exception>
    Task<JobHandle<TResult>> SubmitAsync<TInput, TResult>(
        string type, TInput input, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TResult> resultType, JobSubmitOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Submits a job as the API takes it. The request's id, if it has one, is the job's.</summary>
    /// <param name="request">The job.</param>
    /// <param name="idempotencyKey">Sending the same again with this key gives the same job. Default: a new key for each call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<JobHandle> SubmitAsync(SubmitJobRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default);

    /// <summary>The handle of a job that is known by its id, or by the status address of a job of another system. No request is made.</summary>
    /// <param name="id">What <see cref="JobHandle.Id"/> was.</param>
    JobHandle Get(string id);

    /// <summary>
    /// The handle of what a 202 promised: by <c>Operation-Location</c>, <c>Azure-AsyncOperation</c> or <c>Location</c>, from any server.
    /// No request is made.
    /// </summary>
    /// <param name="response">The answer. It may be disposed afterwards.</param>
    /// <param name="http">
    /// What the addresses are read with; it is sent to whichever host they name. Default: this client, for its own server only.
    /// </param>
    /// <exception cref="ArgumentException">The answer names no address, or one of another server and no client for it.</exception>
    JobHandle FromLocation(HttpResponseMessage response, HttpClient? http = null);

    /// <summary>Every job that matches, newest first, page by page as it is enumerated.</summary>
    /// <param name="filter"><c>status:failed type:report.* created:&lt;2h</c>.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    IAsyncEnumerable<JobResource> ListAsync(string? filter = null, CancellationToken cancellationToken = default);
}

/// <summary>Handles with a result, in one call.</summary>
public static class ErrandJobsExtensions
{
    /// <summary>The handle of a job that is known by its id. No request is made.</summary>
    [RequiresUnreferencedCode(Reflected.Message), RequiresDynamicCode(Reflected.Message)]
    public static JobHandle<TResult> Get<TResult>(this IErrandJobs jobs, string id) => jobs.Get(id).As<TResult>();

    /// <summary>The handle of a job that is known by its id, with JSON by source generation. No request is made.</summary>
    public static JobHandle<TResult> Get<TResult>(this IErrandJobs jobs, string id, JsonTypeInfo<TResult> result) => jobs.Get(id).As(result);

    /// <summary>The handle of what a 202 promised. No request is made.</summary>
    [RequiresUnreferencedCode(Reflected.Message), RequiresDynamicCode(Reflected.Message)]
    public static JobHandle<TResult> FromLocation<TResult>(this IErrandJobs jobs, HttpResponseMessage response, HttpClient? http = null) =>
        jobs.FromLocation(response, http).As<TResult>();

    /// <summary>The handle of what a 202 promised, with JSON by source generation. No request is made.</summary>
    public static JobHandle<TResult> FromLocation<TResult>(
        this IErrandJobs jobs, HttpResponseMessage response, JsonTypeInfo<TResult> result, HttpClient? http = null) =>
        jobs.FromLocation(response, http).As(result);
}
