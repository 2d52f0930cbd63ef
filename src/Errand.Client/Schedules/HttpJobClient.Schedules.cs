using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Errand.Client.Transport;
using Errand.Contracts;

namespace Errand.Client;

public sealed partial class HttpJobClient
{
    /// <summary>Every schedule that the caller may see, by name.</summary>
    public IAsyncEnumerable<ScheduleResource> SchedulesAsync(CancellationToken cancellationToken = default) =>
        PagesAsync("schedules", Wire.PageScheduleResource, [], cancellationToken);

    /// <summary>Reads a schedule.</summary>
    public Task<ScheduleResource> GetScheduleAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(HttpMethod.Get, $"schedules/{Query.Step(name)}", Wire.ScheduleResource, body: null, cancellationToken);

    /// <summary>Makes a schedule, or replaces it; the same again changes nothing.</summary>
    public async Task<ScheduleResource> SaveScheduleAsync(string name, SaveScheduleRequest schedule, CancellationToken cancellationToken = default)
    {
        using var body = JsonContent.Create(schedule, Wire.SaveScheduleRequest);
        return await _transport.ReadAsync(HttpMethod.Put, $"schedules/{Query.Step(name)}", Wire.ScheduleResource, body, cancellationToken);
    }

    /// <summary>Changes a schedule by a merge patch, as <c>{"overlap":"skip"}</c>.</summary>
    public async Task<ScheduleResource> UpdateScheduleAsync(string name, JsonObject patch, CancellationToken cancellationToken = default)
    {
        using var body = new StringContent(patch.ToJsonString(), new MediaTypeHeaderValue("application/merge-patch+json"));
        return await _transport.ReadAsync(HttpMethod.Patch, $"schedules/{Query.Step(name)}", Wire.ScheduleResource, body, cancellationToken);
    }

    /// <summary>Removes a schedule; its jobs stay.</summary>
    public async Task DeleteScheduleAsync(string name, CancellationToken cancellationToken = default)
    {
        using var answer = await _transport.SendAsync(new Outgoing(HttpMethod.Delete, $"schedules/{Query.Step(name)}"), cancellationToken);
    }

    /// <summary>Makes a job of a schedule now.</summary>
    public Task<JobResource> RunScheduleAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.ReadAsync(HttpMethod.Post, $"schedules/{Query.Step(name)}/run", Wire.JobResource, body: null, cancellationToken);

    /// <summary>Pauses or resumes a schedule.</summary>
    public Task<ScheduleResource> PauseScheduleAsync(string name, bool paused, CancellationToken cancellationToken = default) => _transport.ReadAsync(
        HttpMethod.Post, $"schedules/{Query.Step(name)}/{(paused ? "pause" : "resume")}", Wire.ScheduleResource, body: null, cancellationToken);

    /// <summary>The next times of a schedule, at most 100.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> NextTimesAsync(string name, int count = 10, CancellationToken cancellationToken = default) =>
        (await _transport.ReadAsync(
            HttpMethod.Get, $"schedules/{Query.Step(name)}/next?count={count}", Wire.NextTimesResource, body: null, cancellationToken)).Items;
}
