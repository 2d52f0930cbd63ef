using System.Text;
using Errand.AspNetCore;

namespace Errand.Testing.Stage;

/// <summary>Steers what the vendors' wires answer: counts polls, moves the jobs that are looked at, and lets answers go wrong.</summary>
internal sealed class ScriptFilter(Plays plays, TimeProvider time) : IDialectFilter
{
    private static readonly string[] IdNames = ["id", "jobId", "operationId"];
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public async Task AnswerAsync(DialectCall call, IWireDialect dialect, DialectRoute route, Func<DialectCall, Task> next)
    {
        if (plays.Find(dialect.Name) is { } play)
        {
            await play.CatchUpAsync(call.Aborted);
            if (play.Ids.Any) next = Renaming(play.Ids, route, call, next);
            var sight = VendorSight.Of(play.Vendor, route, call);
            if (!await (sight.Kind is SightKind.Start ? StartAsync(play, call) : LookAsync(play, sight, call))) return;
        }

        await next(call);
    }

    private async Task<bool> StartAsync(Play play, DialectCall call)
    {
        var lag = play.Scripts.NextLag;
        if (lag > TimeSpan.Zero) await Task.Delay(lag, time, call.Aborted);
        if (play.Scripts.NextFault() is { } fault) return Fails(fault, call);
        call.Clients = new ScriptedClients(call.Clients, play);
        return true;
    }

    private async Task<bool> LookAsync(Play play, VendorSight sight, DialectCall call)
    {
        if (sight.Kind is SightKind.Other) return true;
        var tenant = call.Principal.Caller.Tenant;
        List<Course> seen = sight.Kind is SightKind.List ? [.. play.Known.Where(course => course.Key.Tenant == tenant)] : [];
        foreach (var id in sight.Ids.Distinct())
        {
            if (await play.FindAsync(tenant, id, call.Aborted) is { } course) seen.Add(course);
        }

        var lag = seen.Select(course => course.Script.Lag).DefaultIfEmpty().Max();
        if (lag > TimeSpan.Zero) await Task.Delay(lag, time, call.Aborted);
        foreach (var course in sight.Kind is SightKind.Poll ? seen : [])
        {
            if (course.NextFault() is { } fault) return Fails(fault, call);
        }

        foreach (var course in seen) await play.PollAsync(course, call.Aborted);
        return true;
    }

    /// <summary>Takes the vendor's own ids in the path, and gives them back in the answer.</summary>
    private static Func<DialectCall, Task> Renaming(VendorIds ids, DialectRoute route, DialectCall call, Func<DialectCall, Task> next)
    {
        var values = call.Request.RouteValues;
        foreach (var name in IdNames)
        {
            if (values[name] is string id) values[name] = ids.Resolve(id);
        }

        // What needs no credentials is a file, and has no ids.
        return route.Open ? next : async one =>
        {
            var response = one.Response;
            var (wire, held) = (response.Body, new MemoryStream());
            response.Body = held;
            try
            {
                await next(one);
            }
            finally
            {
                response.Body = wire;
            }

            if (response.Headers.Location.ToString() is { Length: > 0 } location) response.Headers.Location = ids.Rename(location);
            var body = held.ToArray();
            if (body.Length > 0 && response.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true)
            {
                body = Encoding.UTF8.GetBytes(ids.Rename(Encoding.UTF8.GetString(body)));
                response.ContentLength = body.Length;
            }

            if (body.Length > 0) await wire.WriteAsync(body, one.Aborted);
        };
    }

    /// <summary>The vendor's own trouble, in the vendor's words. False: there is no answer at all.</summary>
    private static bool Fails(ScriptFault fault, DialectCall call)
    {
        if (fault.Status != ScriptFault.Drop) throw new DialectProblemException(ProblemOf(fault));
        call.Http.Abort();
        return false;
    }

    private static DialectProblem ProblemOf(ScriptFault fault) => fault.Status switch
    {
        401 => new(401, JobProblems.Unauthenticated, "The script says that these credentials are not valid."),
        403 => new(403, JobProblems.InsufficientScope, "The script says that this is not allowed."),
        404 => new(404, JobProblems.NotFound, "The script says that there is no such job."),
        429 => new(429, JobProblems.QuotaExceeded, "The script says that these are too many requests.") { RetryAfter = fault.RetryAfter ?? Moment },
        503 => new(503, JobProblems.StoreUnavailable, "The script says that the service cannot answer now.") { RetryAfter = fault.RetryAfter ?? Moment },
        var status => new(status, JobProblems.Internal, "The script says that something broke."),
    };
}
