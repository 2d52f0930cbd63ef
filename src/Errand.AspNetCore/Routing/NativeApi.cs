using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Errand.AspNetCore;

/// <summary>Errand's own API.</summary>
internal sealed class NativeApi(ErrandApi api, ApiUrlSource urls)
{
    /// <summary>Every route there is. The gate, the document and the matrix of the tests are all made from this table.</summary>
    public static readonly IReadOnlyList<ApiRoute> Routes =
    [
        SubmitJob.Route, SubmitBatch.Route, .. BulkJobs.Routes, ListJobs.Route, GetJob.Route, PutJob.Route, UpdateJob.Route,
        ChangeJob.Delete, ChangeJob.Cancel, ChangeJob.CancelAlias, ChangeJob.Retry, WhyJob.Route,
        GetResult.Route, GetInput.Route, ListItems.Route, ListMessages.Route, Outputs.List, Outputs.Get,
        Watching.One, Watching.All, Watching.Ticket,
        Queues.List, Queues.Get, Queues.Update, .. Schedules.Routes, JobTypes.List, JobTypes.Get, GetStats.Route, CreateUpload.Route, GetUpload.Route,
        SessionRoutes.Open, SessionRoutes.Claim, SessionRoutes.Settle, SessionRoutes.Close,
        ReportRoutes.Beat, ReportRoutes.Messages, ReportRoutes.Items, ReportRoutes.Done, ReportRoutes.Inputs, PublishOutput.Route,
        ProblemPages.Route,
    ];

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        var gate = new ApiGate(api, urls);
        foreach (var route in Routes)
        {
            var endpoint = routes.MapMethods(route.Pattern, route.MethodList, gate.Wrap(route)).WithMetadata(route).WithDisplayName($"Errand {route.Name}");
            if (route == GetJob.Route) endpoint.Add(built => urls.Prefix = PrefixOf(built, route) ?? urls.Prefix);
        }

        var unknown = new UnknownRoutes(api, urls, Routes);
        routes.Map("{**rest}", unknown.AnswerAsync).WithOrder(int.MaxValue).WithDisplayName("Errand: no such route");
    }

    private static string? PrefixOf(EndpointBuilder built, ApiRoute route) =>
        built is RouteEndpointBuilder { RoutePattern.RawText: { } path } && path.EndsWith(route.Pattern, StringComparison.Ordinal)
            ? ("/" + path[..^route.Pattern.Length].Trim('/')).TrimEnd('/')
            : null;
}
