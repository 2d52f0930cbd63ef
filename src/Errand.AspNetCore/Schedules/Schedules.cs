using System.Text.Json;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary><c>/schedules</c>: what makes jobs by the clock.</summary>
internal static class Schedules
{
    private const int TriesMax = 5;
    private static readonly ApiParameter IfMatch = new("If-Match", "Do it only if the schedule still has this ETag; otherwise 412.");

    public static readonly IReadOnlyList<ApiRoute> Routes =
    [
        new("listSchedules", "GET", "schedules", ErrandScopes.Read, ListAsync)
        {
            Tag = "Schedules",
            Summary = "Lists the caller's schedules by name; with jobs.read.all the tenant's.",
            Query = [new("pageSize", "Entries a page, at most 200. Default: 50.", "integer"), new("pageToken", "Where the page starts.")],
            Replies = [new(200, "A page.", typeof(Page<ScheduleResource>), "Link")],
        },
        new("createSchedule", "POST", "schedules", ErrandScopes.ManageSchedules, CreateAsync)
        {
            Tag = "Schedules",
            Summary = "Makes a schedule.",
            Consumes = [MediaTypes.Json],
            Body = typeof(SaveScheduleRequest),
            Replies =
            [
                new(201, "Made.", typeof(ScheduleResource), "Location", "ETag"), new(404, "The type of its job is unknown."),
                new(409, "The name is taken."), new(422, "The input does not match the schema."),
            ],
        },
        new("getSchedule", "GET", "schedules/{name}", ErrandScopes.Read, GetAsync)
        {
            Tag = "Schedules",
            Summary = "Reads a schedule.",
            Headers = [new("If-None-Match", "Answer 304 while it still has this ETag.")],
            Replies = [new(200, "The schedule.", typeof(ScheduleResource), "ETag"), new(304, "It still has that ETag."), new(404, "Unknown, or not visible.")],
        },
        new("putSchedule", "PUT", "schedules/{name}", ErrandScopes.ManageSchedules, PutAsync)
        {
            Tag = "Schedules",
            Summary = "Makes a schedule under its name, or replaces it. Sending it again changes nothing.",
            Headers = [IfMatch, new("If-None-Match", "*: refuse with 412 if it is there already.")],
            Consumes = [MediaTypes.Json],
            Body = typeof(SaveScheduleRequest),
            Replies =
            [
                new(201, "Made now.", typeof(ScheduleResource), "Location", "ETag"), new(200, "Replaced, or the same as before.", typeof(ScheduleResource), "ETag"),
                new(404, "The type of its job is unknown."), new(409, "The name is taken by someone else's schedule."), new(412, "It has changed."),
                new(422, "The input does not match the schema."),
            ],
        },
        new("updateSchedule", "PATCH", "schedules/{name}", ErrandScopes.ManageSchedules, UpdateAsync)
        {
            Tag = "Schedules",
            Summary = "Changes a schedule by a JSON merge patch (RFC 7396).",
            Headers = [IfMatch],
            Consumes = [MediaTypes.MergePatch, MediaTypes.Json],
            Body = typeof(SaveScheduleRequest),
            Replies = [new(200, "The changed schedule.", typeof(ScheduleResource), "ETag"), new(404, "Unknown, or not visible."), new(412, "It has changed.")],
        },
        new("deleteSchedule", "DELETE", "schedules/{name}", ErrandScopes.ManageSchedules, DeleteAsync)
        {
            Tag = "Schedules",
            Summary = "Removes a schedule. Its jobs stay.",
            Headers = [IfMatch],
            Produces = [],
            Replies = [new(204, "Removed."), new(404, "Unknown, or not visible."), new(412, "It has changed.")],
        },
        new("runSchedule", "POST", "schedules/{name}/run", ErrandScopes.ManageSchedules, RunAsync)
        {
            Tag = "Schedules",
            Summary = "Makes a job of the schedule now, paused or not. Its plan is not touched.",
            Replies = [new(202, "The job.", typeof(JobResource), [.. Submissions.AnswerHeaders]), new(404, "Unknown, or not visible.")],
        },
        Pausing("pauseSchedule", "pause", "Pauses a schedule: it fires nothing until it is resumed.", paused: true),
        Pausing("resumeSchedule", "resume", "Resumes a schedule: it goes on with the next time to come.", paused: false),
        new("nextTimes", "GET", "schedules/{name}/next", ErrandScopes.Read, NextAsync)
        {
            Tag = "Schedules",
            Summary = "Tells the next times of a schedule, as if it were not paused.",
            Query = [new("count", "How many, 1 to 100. Default: 10.", "integer")],
            Replies = [new(200, "The times.", typeof(NextTimesResource)), new(404, "Unknown, or not visible.")],
        },
    ];

    private static ApiRoute Pausing(string name, string verb, string summary, bool paused) => new(
        name, "POST", $"schedules/{{name}}/{verb}", ErrandScopes.ManageSchedules,
        async call => await AnswerAsync(call, 200, await Of(call).PauseAsync(Name(call), paused, call.Aborted)))
    {
        Tag = "Schedules",
        Summary = summary,
        Replies = [new(200, "The schedule.", typeof(ScheduleResource), "ETag"), new(404, "Unknown, or not visible.")],
    };

    private static async Task ListAsync(ApiCall call)
    {
        var page = await Of(call).ListAsync(await PageTokens.OpenTextAsync(call), QueryParameters.PageSize(call.Request), call.Aborted);
        await call.PageAsync(
            new Page<ScheduleResource>
            {
                Items = [.. page.Schedules.Select(schedule => ScheduleMapping.Resource(call, schedule))],
                NextPageToken = page.Next is { } next ? await PageTokens.SealTextAsync(call, next) : null,
            },
            ErrandJsonContext.Default.PageScheduleResource);
    }

    private static async Task CreateAsync(ApiCall call)
    {
        var request = await JsonBody.ReadAsync(call, JsonBody.Strict.SaveScheduleRequest);
        var name = request.Name ?? throw new ApiProblemException(ApiProblem.Invalid("#/name", "'name' is required: 'nightly-export'."));
        call.RefuseWhileDraining();
        await AnswerAsync(call, 201, await Of(call).CreateAsync(name, ScheduleMapping.Definition(call, request), call.Aborted));
    }

    private static async Task GetAsync(ApiCall call)
    {
        var schedule = await Of(call).GetAsync(Name(call), call.Aborted);
        if (!EntityTag.NoneMatchHits(call.Request.Headers.IfNoneMatch, ScheduleTag.Of(schedule)))
        {
            await AnswerAsync(call, 200, schedule);
            return;
        }

        call.Response.StatusCode = StatusCodes.Status304NotModified;
        call.Response.Headers.ETag = ScheduleTag.Of(schedule);
        call.Response.Headers.CacheControl = ApiAnswer.Revalidate;
    }

    private static async Task PutAsync(ApiCall call)
    {
        var request = await JsonBody.ReadAsync(call, JsonBody.Strict.SaveScheduleRequest);
        CheckName(call, request);
        call.RefuseWhileDraining();
        var definition = ScheduleMapping.Definition(call, request);
        if (call.Request.Headers.IfNoneMatch is ["*"])
        {
            await AnswerAsync(call, 201, await CreateOnlyAsync(call, definition));
            return;
        }

        var saved = await Of(call).SaveAsync(Name(call), definition, ScheduleTag.Wanted(call.Request), call.Aborted);
        await AnswerAsync(call, saved.Created ? 201 : 200, saved.Schedule);
    }

    private static async ValueTask<Schedule> CreateOnlyAsync(ApiCall call, ScheduleDefinition definition)
    {
        try
        {
            return await Of(call).CreateAsync(Name(call), definition, call.Aborted);
        }
        catch (JobProblemException e) when (e.Problem.Name == JobProblems.ScheduleExists)
        {
            throw new ApiProblemException(new ApiProblem(ProblemCatalog.PreconditionFailed, "There is a schedule of this name already."));
        }
    }

    /// <summary>The patch is merged onto the schedule as it was read, and anew when that is stale.</summary>
    private static async Task UpdateAsync(ApiCall call)
    {
        var patch = await JsonBody.ReadAsync(call);
        for (var tries = 1; ; tries++)
        {
            var before = await Of(call).GetAsync(Name(call), call.Aborted);
            var sent = JsonSerializer.SerializeToUtf8Bytes(ScheduleMapping.Request(before), ErrandJsonContext.Default.SaveScheduleRequest);
            var request = JsonBody.Bind(MergePatch.Apply(sent, patch), JsonBody.Strict.SaveScheduleRequest);
            CheckName(call, request);
            var wanted = ScheduleTag.Wanted(call.Request);
            try
            {
                var saved = await Of(call).SaveAsync(Name(call), ScheduleMapping.Definition(call, request), wanted ?? before.Revision, call.Aborted);
                await AnswerAsync(call, 200, saved.Schedule);
                return;
            }
            catch (JobProblemException e) when (e.Problem.Name == JobProblems.PreconditionFailed && wanted is null && tries < TriesMax)
            {
                // Someone else changed it meanwhile: merge onto what they made of it.
            }
        }
    }

    private static async Task DeleteAsync(ApiCall call)
    {
        await Of(call).RemoveAsync(Name(call), ScheduleTag.Wanted(call.Request), call.Aborted);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
        call.Response.Headers.CacheControl = ApiAnswer.NoStore;
    }

    private static async Task RunAsync(ApiCall call)
    {
        call.RefuseWhileDraining();
        var job = await Of(call).RunAsync(Name(call), call.Aborted);
        Submissions.SetHeaders(call, job);
        await call.JobAsync(202, job);
    }

    private static async Task NextAsync(ApiCall call)
    {
        var count = (int)(QueryParameters.Number(call.Request, "count", 1, 100) ?? 10);
        var times = await Of(call).NextAsync(Name(call), count, call.Aborted);
        await call.JsonAsync(200, new NextTimesResource(times), ErrandJsonContext.Default.NextTimesResource);
    }

    private static Task AnswerAsync(ApiCall call, int status, Schedule schedule)
    {
        call.Response.Headers.ETag = ScheduleTag.Of(schedule);
        if (status == 201) call.Response.Headers.Location = $"{call.Urls.Root}/schedules/{schedule.Name}";
        return call.JsonAsync(status, ScheduleMapping.Resource(call, schedule), ErrandJsonContext.Default.ScheduleResource, ApiAnswer.Revalidate);
    }

    private static void CheckName(ApiCall call, SaveScheduleRequest request)
    {
        if (request.Name is null || request.Name == Name(call)) return;
        throw new ApiProblemException(ApiProblem.Invalid("#/name", "The name of the body differs from that of the URL: leave it out. A schedule cannot be renamed."));
    }

    private static IScheduleClient Of(ApiCall call) => call.Api.Clients.SchedulesFor(call.Principal.Caller);

    private static string Name(ApiCall call) => call.RouteValue("name");
}
