using System.Text.Json;
using Errand.Contracts;
using Errand.Work;

namespace Errand.AspNetCore;

/// <summary>What jobs of remote workers report while they run.</summary>
internal static class ReportRoutes
{
    private const string Tag = "Workers";

    private static readonly ApiParameter Lease = new(SessionCalls.LeaseHeader, "The lease of the claim.");

    public static readonly ApiRoute Beat = new("beatWorkerSession", "POST", "worker-sessions/{session}/beat", ErrandScopes.Work, BeatAsync)
    {
        Tag = Tag,
        Summary = "Says that a worker lives, and what its jobs report; answers with those that are asked to stop. With all, jobs of the session that two beats in a row do not name are queued again.",
        Consumes = [MediaTypes.Json],
        Body = typeof(BeatRequest),
        BodyOptional = true,
        Replies = [new(200, "Leases that are canceled or lost.", typeof(BeatResource)), new(404, "The session is unknown."), new(409, "The session is over: stop every job of it.")],
    };

    public static readonly ApiRoute Messages = new("reportMessages", "POST", "worker-sessions/{session}/messages", ErrandScopes.Work, MessagesAsync)
    {
        Tag = Tag,
        Summary = "Appends lines to the log of a claimed job.",
        Consumes = [MediaTypes.Json],
        Body = typeof(ReportMessagesRequest),
        Produces = [],
        Replies = [new(204, "Written."), new(404, "The session is unknown."), new(409, "The lease is over.")],
    };

    public static readonly ApiRoute Items = new("reportItems", "POST", "worker-sessions/{session}/items", ErrandScopes.Work, ItemsAsync)
    {
        Tag = Tag,
        Summary = "Reports items of a claimed job.",
        Consumes = [MediaTypes.Json],
        Body = typeof(ReportItemsRequest),
        BodyBytesMax = 32 * 1024 * 1024,
        Replies = [new(200, "The counts of the job's items.", typeof(ItemCountsResource)), new(404, "The session is unknown."), new(409, "The lease is over.")],
    };

    public static readonly ApiRoute Done = new("listReportedItems", "GET", "worker-sessions/{session}/items", ErrandScopes.Work, DoneAsync)
    {
        Tag = Tag,
        Summary = "Lists outcomes that earlier attempts of a claimed job stored: what need not be done again.",
        Query = [new("after", "Only items with a greater index.", "integer"), new("limit", "At most this many, up to 1,000. Default: 1,000.", "integer")],
        Headers = [Lease],
        Replies = [new(200, "The items.", typeof(Page<ItemResource>)), new(404, "The session is unknown."), new(409, "The lease is over.")],
    };

    public static readonly ApiRoute Inputs = new("readItemInputs", "GET", "worker-sessions/{session}/inputs", ErrandScopes.Work, InputsAsync)
    {
        Tag = Tag,
        Summary = "Streams the items that a claimed job was submitted with.",
        Headers = [Lease],
        Produces = [MediaTypes.Ndjson],
        Replies =
        [
            new(200, "One ItemInputResource a line.", typeof(ItemInputResource)) { MediaType = MediaTypes.Ndjson },
            new(404, "The session is unknown."), new(409, "The lease is over."),
        ],
    };

    private static async Task BeatAsync(ApiCall call)
    {
        var body = await JsonBody.ReadAsync(call);
        var request = body.Length == 0 ? new BeatRequest() : JsonBody.Bind(body, JsonBody.Strict.BeatRequest);
        var session = await call.SessionAsync();
        if (!await call.Api.Sessions.Source.BeatAsync(session, call.Aborted)) throw new ApiProblemException(Failures.LeaseLost);

        var named = new Dictionary<string, JobTicket>();
        foreach (var report in request.Leases)
        {
            if (await call.LeaseAsync(report.Lease, session) is { } ticket) named[report.Lease] = ticket;
        }

        var over = request.All ? await call.Api.Sessions.CompareAsync(session, named.Values, call.Aborted) : [];
        List<string> cancel = [], lost = [];
        var mailbox = call.Api.Sessions.MailboxOf(session);
        foreach (var report in request.Leases)
        {
            if (!named.TryGetValue(report.Lease, out var ticket) || over.Contains(ticket) || !await WriteAsync(call, ticket, report))
            {
                lost.Add(report.Lease);
                mailbox?.Leases.Forget(ticket);
            }
            else if (mailbox is not null ? mailbox.IsCanceling(ticket) : await IsCancelingAsync(call, ticket)) cancel.Add(report.Lease);
        }

        await call.JsonAsync(200, new BeatResource(cancel, lost), ErrandJsonContext.Default.BeatResource);
    }

    private static async ValueTask<bool> WriteAsync(ApiCall call, JobTicket ticket, LeaseReport report)
    {
        try
        {
            var reports = call.Api.Sessions.Source.Reports;
            if (report.Progress is { } progress) reports.ReportProgress(ticket, Progress(progress, call.Now));
            if (report.Messages.Count > 0) await reports.AppendMessagesAsync(ticket, [.. report.Messages.Select(m => Message(m, call.Now))], call.Aborted);
            return true;
        }
        catch (LeaseLostException)
        {
            return false;
        }
    }

    // The session was opened before this server process began, and nobody was told of its cancels: the job says it itself.
    private static async ValueTask<bool> IsCancelingAsync(ApiCall call, JobTicket ticket)
    {
        var lookup = await call.Api.Clients.For(JobCaller.System(ticket.Key.Tenant)).FindAsync(ticket.Key.Id, cancellationToken: call.Aborted);
        return lookup.Job is { Head.State: JobState.Canceling } job && job.Head.Token == ticket.Token;
    }

    private static async Task MessagesAsync(ApiCall call)
    {
        var request = await JsonBody.ReadAsync(call, JsonBody.Strict.ReportMessagesRequest);
        if (request.Messages.Count is 0 or > 1000) throw new ApiProblemException(ApiProblem.Invalid("#/messages", "1 to 1,000 lines are sent at once."));
        var ticket = await call.TicketAsync(request.Lease);
        await call.Api.Sessions.Source.Reports.AppendMessagesAsync(ticket, [.. request.Messages.Select(m => Message(m, call.Now))], call.Aborted);
        call.Response.StatusCode = 204;
    }

    private static async Task ItemsAsync(ApiCall call)
    {
        var request = await JsonBody.ReadAsync(call, JsonBody.Strict.ReportItemsRequest);
        if (request.Items.Count is 0 or > 1000) throw new ApiProblemException(ApiProblem.Invalid("#/items", "1 to 1,000 items are sent at once."));
        var items = request.Items.Select((item, i) => Item(item, $"#/items/{i}")).ToList();
        var ticket = await call.TicketAsync(request.Lease);
        var counts = await call.Api.Sessions.Source.Reports.WriteItemsAsync(ticket, items, call.Aborted);
        await call.JsonAsync(200, new ItemCountsResource(counts.Completed, counts.Failed), ErrandJsonContext.Default.ItemCountsResource);
    }

    private static async Task DoneAsync(ApiCall call)
    {
        var after = (int)(QueryParameters.Number(call.Request, "after", -1, int.MaxValue) ?? -1);
        var limit = (int)(QueryParameters.Number(call.Request, "limit", 1, 1000) ?? 1000);
        var items = await call.Api.Sessions.Source.Reports.ListItemsAsync(await call.TicketAsync(), after, limit, call.Aborted);
        await call.JsonAsync(200, new Page<ItemResource> { Items = [.. items.Select(call.Map.Item)] }, ErrandJsonContext.Default.PageItemResource);
    }

    private static async Task InputsAsync(ApiCall call)
    {
        var ticket = await call.TicketAsync();
        call.Response.ContentType = MediaTypes.Ndjson;
        call.Response.Headers.CacheControl = ApiAnswer.NoStore;
        using var buffer = new BodyBuffer();
        await foreach (var item in call.Api.Sessions.Source.Reports.ReadItemsAsync(ticket, call.Aborted))
        {
            var line = new ItemInputResource(item.Index, NdjsonItems.OneLine(new RawJson(item.Json)));
            using (var writer = new Utf8JsonWriter(buffer, BodyBuffer.WriterOptions)) JsonSerializer.Serialize(writer, line, ErrandJsonContext.Default.ItemInputResource);
            buffer.GetSpan(1)[0] = (byte)'\n';
            buffer.Advance(1);
            if (buffer.Written.Length < 64 * 1024) continue;
            await call.Response.Body.WriteAsync(buffer.Written, call.Aborted);
            buffer.Clear();
        }

        await call.Response.Body.WriteAsync(buffer.Written, call.Aborted);
    }

    private static JobProgress Progress(ProgressReportRequest report, DateTimeOffset now) => new()
    {
        Percent = report.Percent is { } percent ? Math.Clamp(percent, 0, 100) : null,
        Completed = report.Completed,
        Total = report.Total,
        Failed = report.Failed,
        Unit = report.Unit,
        Message = report.Message,
        UpdatedAt = now,
    };

    private static JobMessage Message(MessageReport report, DateTimeOffset now) =>
        new() { Time = report.Time ?? now, Severity = report.Severity, Text = report.Text, Source = report.Source };

    private static JobItem Item(ItemReport report, string pointer)
    {
        var key = report.Key ?? report.Index?.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ?? throw new ApiProblemException(ApiProblem.Invalid(pointer, "An item has a key or an index."));
        if (report.Index is < 0) throw new ApiProblemException(ApiProblem.Invalid($"{pointer}/index", "An index counts from 0."));
        return new JobItem
        {
            Index = report.Index,
            Key = key,
            Status = report.Status,
            Result = report.Result?.Utf8 ?? default,
            Error = report.Error is { } error ? Outcomes.Error(error) : null,
        };
    }
}
