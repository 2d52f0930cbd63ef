using Errand.Contracts;
using Errand.Storage;
using Errand.Work;

namespace Errand.AspNetCore;

/// <summary>Opening, claiming, settling and closing: the life of a session of a remote worker.</summary>
internal static class SessionRoutes
{
    private const string Tag = "Workers";

    public static readonly ApiRoute Open = new("openWorkerSession", "POST", "worker-sessions", ErrandScopes.Work, OpenAsync)
    {
        Tag = Tag,
        Summary = "Opens a session of a worker. From then on it must beat.",
        Consumes = [MediaTypes.Json],
        Body = typeof(OpenSessionRequest),
        Replies = [new(201, "The session.", typeof(SessionResource), "Location")],
    };

    public static readonly ApiRoute Claim = new("claimJobs", "POST", "worker-sessions/{session}/claim", ErrandScopes.Work, ClaimAsync)
    {
        Tag = Tag,
        Summary = "Claims due jobs of the caller's tenant.",
        Headers = [new("Prefer", "wait=N: hold the answer until there is a job, at most N seconds.")],
        Consumes = [MediaTypes.Json],
        Body = typeof(ClaimRequestBody),
        BodyOptional = true,
        Replies = [new(200, "The claimed jobs.", typeof(ClaimResource)), new(204, "There is nothing to do."), new(404, "The session is unknown."), new(409, "The session is over.")],
    };

    public static readonly ApiRoute Settle = new("settleJobs", "POST", "worker-sessions/{session}/settle", ErrandScopes.Work, SettleAsync)
    {
        Tag = Tag,
        Summary = "Reports what became of attempts.",
        Consumes = [MediaTypes.Json],
        Body = typeof(SettleRequest),
        BodyBytesMax = 32 * 1024 * 1024,
        Replies = [new(200, "Which of them were written.", typeof(SettleResource)), new(404, "The session is unknown.")],
    };

    public static readonly ApiRoute Close = new("closeWorkerSession", "DELETE", "worker-sessions/{session}", ErrandScopes.Work, CloseAsync)
    {
        Tag = Tag,
        Summary = "Closes a session. Jobs that it still holds go back at once.",
        Produces = [],
        Replies = [new(204, "Closed."), new(404, "The session is unknown.")],
    };

    private static async Task OpenAsync(ApiCall call)
    {
        var request = await JsonBody.ReadAsync(call, JsonBody.Strict.OpenSessionRequest);
        Check(request);
        var caller = call.Principal.Caller;
        var (name, session) = await call.Api.Sessions.OpenAsync(
            new SessionRequest(request.Worker, request.Types, request.Queues, request.Slots, caller.Tenant, Remote: true), caller, call.Aborted);
        call.Response.Headers.Location = call.Urls.Session(name);
        await call.JsonAsync(201, new SessionResource(name, session.BeatEvery, session.Term), ErrandJsonContext.Default.SessionResource);
    }

    private static async Task ClaimAsync(ApiCall call)
    {
        var body = await JsonBody.ReadAsync(call);
        var demands = body.Length == 0 ? [] : JsonBody.Bind(body, JsonBody.Strict.ClaimRequestBody).Demands;
        if (demands.Count == 0) demands = [new DemandRequest()];
        for (var i = 0; i < demands.Count; i++)
        {
            if (demands[i].Limit is < 1 or > 200) throw new ApiProblemException(ApiProblem.Invalid($"#/demands/{i}/limit", "1 to 200 jobs are claimed at once."));
        }

        var session = await call.SessionAsync();
        var wait = Preferences.Of(call.Request, call.Api.Options.WaitMax);
        var jobs = await ClaimAsync(call, session, [.. demands.Select(d => new QueueDemand(d.Queue, d.Limit))], wait.Wait ?? TimeSpan.Zero);
        wait.Apply(call.Response);
        if (jobs.Count == 0)
        {
            call.Response.Headers.CacheControl = ApiAnswer.NoStore;
            call.Response.StatusCode = 204;
            return;
        }

        await call.Api.Sessions.AnswerAsync(jobs, () => AnswerAsync(call, jobs));
    }

    private static async Task AnswerAsync(ApiCall call, IReadOnlyList<ClaimedJob> jobs)
    {
        var claimed = new List<ClaimedJobResource>(jobs.Count);
        foreach (var job in jobs) claimed.Add(await MapAsync(call, job));
        await call.JsonAsync(200, new ClaimResource(claimed), ErrandJsonContext.Default.ClaimResource);
    }

    private static async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(ApiCall call, SessionId session, IReadOnlyList<QueueDemand> demands, TimeSpan wait)
    {
        var source = call.Api.Sessions.Source;
        var since = call.Api.Time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, call.Api.Stopping);
        while (true)
        {
            call.RefuseWhileDraining();

            // Not bound to the client's leaving: what was claimed must be given back, not forgotten.
            var jobs = await source.ClaimAsync(session, demands, CancellationToken.None);
            if (jobs.Count > 0 && call.Aborted.IsCancellationRequested)
            {
                await source.SettleAsync([.. jobs.Select(j => new Settlement(j.Ticket, JobOutcome.Released.Instance))], CancellationToken.None);
                return [];
            }

            var left = wait - call.Api.Time.GetElapsedTime(since);
            if (jobs.Count > 0 || left <= TimeSpan.Zero) return jobs;
            using var place = call.Api.Limits.Take(call.Principal.Caller, "waits", call.Api.Options.WaitsPerCallerMax);
            try
            {
                await source.WaitForWorkAsync(session, left, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return [];
            }
        }
    }

    private static async Task SettleAsync(ApiCall call)
    {
        var request = await JsonBody.ReadAsync(call, JsonBody.Strict.SettleRequest);
        if (request.Settlements.Count is 0 or > 200) throw new ApiProblemException(ApiProblem.Invalid("#/settlements", "1 to 200 settlements are sent at once."));
        var outcomes = request.Settlements.Select((s, i) => Outcomes.From(s, $"#/settlements/{i}")).ToList();
        var session = await call.SessionAsync();
        var settled = new bool[outcomes.Count];
        List<(int Index, Settlement Settlement)> ours = [];
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (await call.LeaseAsync(request.Settlements[i].Lease, session) is not { } ticket) continue;
            await FlushAsync(call, ticket);
            ours.Add((i, new Settlement(ticket, outcomes[i])));
        }

        var results = ours.Count == 0 ? [] : await call.Api.Sessions.Source.SettleAsync([.. ours.Select(o => o.Settlement)], call.Aborted);
        for (var i = 0; i < ours.Count; i++)
        {
            settled[ours[i].Index] = results[i];
            call.Api.Sessions.MailboxOf(session)?.Settled(ours[i].Settlement.Ticket);
        }

        await call.JsonAsync(200, new SettleResource(settled), ErrandJsonContext.Default.SettleResource);
    }

    private static async Task CloseAsync(ApiCall call)
    {
        var session = await call.SessionAsync();
        await call.Api.Sessions.Source.CloseAsync(session, call.Aborted);
        call.Api.Sessions.Remove(session);
        call.Response.Headers.CacheControl = ApiAnswer.NoStore;
        call.Response.StatusCode = 204;
    }

    private static async ValueTask FlushAsync(ApiCall call, JobTicket ticket)
    {
        try
        {
            await call.Api.Sessions.Source.Reports.FlushAsync(ticket, call.Aborted);
        }
        catch (LeaseLostException)
        {
            // The settle will say so too.
        }
    }

    private static async ValueTask<ClaimedJobResource> MapAsync(ApiCall call, ClaimedJob claimed) => new()
    {
        Lease = await call.Api.Sessions.SealAsync(claimed.Ticket, call.Aborted),
        Job = call.Map.Job(new Job { Head = claimed.Head, Details = claimed.Details }),
        Input = claimed.Input.Json.IsEmpty ? null : new RawJson(claimed.Input.Json),
        InputVersion = claimed.Input.Version,
        HasItems = !claimed.Input.Items.IsEmpty || claimed.Input.UploadId is not null,
        Traceparent = claimed.Details.TraceParent,
        Tracestate = claimed.Details.TraceState,
    };

    private static void Check(OpenSessionRequest request)
    {
        if (request.Worker.Length is 0 or > 200) throw new ApiProblemException(ApiProblem.Invalid("#/worker", "A worker's name has 1 to 200 characters."));
        if (request.Types.Count is 0 or > 1000) throw new ApiProblemException(ApiProblem.Invalid("#/types", "A worker runs 1 to 1,000 types."));
        if (request.Slots is < 1 or > 10_000) throw new ApiProblemException(ApiProblem.Invalid("#/slots", "A worker has 1 to 10,000 slots."));
        CheckNames(request.Types, "types");
        CheckNames(request.Queues, "queues");
    }

    private static void CheckNames(IReadOnlyList<string> names, string field)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!JobNames.IsTypeOrQueue(names[i])) throw new ApiProblemException(ApiProblem.Invalid($"#/{field}/{i}", "A name is a small letter, then small letters, digits, '.', '_' and '-', at most 128."));
        }
    }
}
