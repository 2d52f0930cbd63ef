namespace Errand.AspNetCore;

/// <summary>What the routes of sessions have in common.</summary>
internal static class SessionCalls
{
    public const string LeaseHeader = "Errand-Lease";

    /// <summary>The session of the path.</summary>
    public static ValueTask<SessionId> SessionAsync(this ApiCall call) =>
        call.Api.Sessions.FindAsync(call.RouteValue("session"), call.Principal.Caller, call.Aborted);

    public static ValueTask<JobTicket?> LeaseAsync(this ApiCall call, string lease, SessionId session) =>
        call.Api.Sessions.OpenLeaseAsync(lease, session, call.Principal.Caller.Tenant, call.Aborted);

    /// <summary>The claim of a lease, or the refusal.</summary>
    public static async ValueTask<JobTicket> TicketAsync(this ApiCall call, string lease) =>
        await call.LeaseAsync(lease, await call.SessionAsync()) ?? throw new ApiProblemException(Failures.LeaseLost);

    /// <summary>The claim of the lease in the header, for routes whose body is something else.</summary>
    public static ValueTask<JobTicket> TicketAsync(this ApiCall call) => call.Request.Headers[LeaseHeader] is [{ Length: > 0 } lease]
        ? call.TicketAsync(lease)
        : throw new ApiProblemException(ApiProblem.BadParameter(LeaseHeader, $"The header {LeaseHeader} with the lease of the claim is required."));
}
