namespace Errand.Contracts;

/// <summary>The data of one server-sent event. Its <c>id:</c> line is what to resume after.</summary>
/// <param name="Kind">What happened: <c>job.snapshot</c>, <c>job.started</c>, <c>job.progress</c>, <c>job.succeeded</c>, …</param>
/// <param name="Revision">What to resume after; the same as the <c>id:</c> line and the ETag.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Job">The job as it then was, without its result.</param>
public sealed record JobEventResource(string Kind, string Revision, DateTimeOffset Time, JobResource Job);

/// <summary>A ticket that opens one event stream in place of a token, for clients that cannot send headers.</summary>
/// <param name="Ticket">Give it as <c>?ticket=</c>, once.</param>
/// <param name="ExpiresAt">When it ends if it is not used.</param>
public sealed record EventTicketResource(string Ticket, DateTimeOffset ExpiresAt);
