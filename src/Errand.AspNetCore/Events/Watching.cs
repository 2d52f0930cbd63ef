using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary><c>GET /jobs/{id}/events</c>, <c>GET /events</c> and <c>POST /event-tickets</c>.</summary>
internal static class Watching
{
    public static readonly ApiRoute One = new("watchJob", "GET", "jobs/{id}/events", ErrandScopes.Read, WatchOneAsync)
    {
        Tag = "Events",
        Summary = "Follows a job: a snapshot, every change, and an end after the last one.",
        Query = [new("after", "The id of the last event that was seen; Last-Event-ID wins.")],
        Headers = [new("Last-Event-ID", "The id of the last event that was seen.")],
        Produces = [MediaTypes.EventStream],
        TakesTicket = true,
        Replies =
        [
            new(200, "Server-sent events; the data of each is a JobEventResource.", typeof(JobEventResource)) { MediaType = MediaTypes.EventStream },
            new(204, "The last event was seen already: do not reconnect."),
            new(404, "Unknown, or not visible."), new(410, "The job was there and is purged."),
        ],
    };

    public static readonly ApiRoute All = new("watchJobs", "GET", "events", ErrandScopes.Read, WatchAllAsync)
    {
        Tag = "Events",
        Summary = "Follows every visible job that matches, from now on. There is no history: after a reconnect, list what changed meanwhile.",
        Query = [.. ListJobs.FilterQuery],
        Produces = [MediaTypes.EventStream],
        TakesTicket = true,
        Replies = [new(200, "Server-sent events; the data of each is a JobEventResource.", typeof(JobEventResource)) { MediaType = MediaTypes.EventStream }],
    };

    public static readonly ApiRoute Ticket = new("createEventTicket", "POST", "event-tickets", ErrandScopes.Read, TicketAsync)
    {
        Tag = "Events",
        Summary = "Makes a ticket that opens one event stream within a minute, for clients that cannot send headers.",
        Replies = [new(201, "The ticket.", typeof(EventTicketResource))],
    };

    private static async Task WatchOneAsync(ApiCall call)
    {
        var id = call.JobId;
        var after = JobRevision.TryParse(
            call.Request.Headers["Last-Event-ID"] is [{ } header] ? header : QueryParameters.Text(call.Request, "after"), out var seen) ? seen : default(JobRevision?);
        var job = ApiCall.Found(await call.Jobs.FindAsync(id, cancellationToken: call.Aborted));
        var current = job.RevisionAt(call.Now);

        // A cursor ahead of the job is from another life of the store: whoever holds it is told anew.
        if (after is { } cursor && current.IsBefore(cursor)) after = null;
        if (job.Head.State.IsTerminal() && after == current)
        {
            call.Response.Headers.CacheControl = ApiAnswer.NoStore;
            call.Response.StatusCode = 204;
            return;
        }

        await StreamAsync(call, stop => call.Jobs.WatchAsync(id, after, stop), withIds: true);
    }

    private static Task WatchAllAsync(ApiCall call)
    {
        var filter = JobFilterQuery.Read(call.Request, call.Now);
        return StreamAsync(call, stop => call.Jobs.WatchAllAsync(filter, stop), withIds: false);
    }

    private static async Task StreamAsync(ApiCall call, Func<CancellationToken, IAsyncEnumerable<JobEvent>> open, bool withIds)
    {
        using var place = call.Api.Limits.Take(call.Principal.Caller, "streams", call.Api.Options.StreamsPerCallerMax);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, call.Api.Stopping);
        using var counted = ApiMetrics.Stream();
        using var stream = new EventStream(call, stop);
        if (HttpMethods.IsHead(call.Request.Method)) await stream.BeginAsync();
        else await stream.RunAsync(open(stop.Token), withIds);
    }

    private static Task TicketAsync(ApiCall call)
    {
        var (ticket, expiresAt) = call.Api.Tickets.Issue(call.Principal);
        return call.JsonAsync(201, new EventTicketResource(ticket, expiresAt), ErrandJsonContext.Default.EventTicketResource);
    }
}
