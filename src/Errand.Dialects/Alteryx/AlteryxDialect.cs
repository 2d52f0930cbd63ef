using Errand.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Dialects.Alteryx;

/// <summary>
/// The Web API v3 of Alteryx Server, jobs and what clients need on the way to them, as the vendor documents it in "Job Endpoints" and "Workflow Endpoints". Types are its workflows.
/// </summary>
internal sealed class AlteryxDialect(AlteryxOptions options, ICollections? collections = null) : IWireDialect
{
    public const string DialectName = "alteryx";

    private const int MessagesMax = 200;

    public string Name => DialectName;

    public IReadOnlyList<DialectRoute> Routes =>
    [
        new("GET", "/v3/jobs/{id}", GetJobAsync),
        new("GET", "/v3/jobs/{id}/messages", GetMessagesAsync),
        new("GET", "/v3/workflows/{workflowId}", GetWorkflowAsync),
        new("GET", "/v3/workflows/{workflowId}/questions", GetQuestionsAsync),
        new("GET", "/v3/workflows/{workflowId}/jobs", ListJobsAsync),
        new("POST", "/v3/workflows/{workflowId}/jobs", RunAsync),
        new("GET", "/v1/jobs/{id}/output/{outputId}", GetOutputAsync),
        new("GET", "/v3/jobs/{id}/output/{outputId}", GetOutputAsync),
    ];

    public Task WriteProblemAsync(HttpContext http, DialectProblem problem) => AlteryxErrors.WriteAsync(http, problem);

    private async Task GetJobAsync(DialectCall call)
    {
        var withMessages = IncludesMessages(call.Request);
        var (job, workflow, sight) = await FindAsync(call);
        var form = withMessages ? "job with messages" : "job";
        if (call.TrySendFinished(job, form)) return;
        await call.SendFinishedAsync(job, form, await ViewAsync(call, sight, job, workflow, withMessages), AlteryxJson.Default.JobView);
    }

    private async Task GetMessagesAsync(DialectCall call)
    {
        // The vendor documents 401, not 403, for whoever is no Curator; decided before any look-up.
        if (!AlteryxSight.IsCurator(call)) throw AlteryxErrors.Denied();
        var (job, _, sight) = await FindAsync(call);
        var messages = await MessagesAsync(call, sight, job);
        if (options.MessagesAsArray) await call.Http.WriteJsonAsync(messages, AlteryxJson.Default.IReadOnlyListMessageView);
        else await call.Http.WriteJsonAsync(AlteryxMapping.Gravest(messages), AlteryxJson.Default.MessageView);
    }

    private async Task GetWorkflowAsync(DialectCall call)
    {
        var (workflow, _) = await WorkflowAsync(call);
        var counts = await call.Http.RequestServices.GetRequiredService<IJobQueues>().CountAsync(call.Principal.Caller.Tenant, call.Aborted);
        var since = AlteryxMapping.Time(DateTimeOffset.UnixEpoch);
        await call.Http.WriteJsonAsync(
            new WorkflowView(
                workflow.Id, workflow.Id, since, counts.Where(lane => lane.Type == workflow.Type.Name).Sum(lane => lane.Jobs), [new VersionView(workflow.Id, since)],
                workflow.Name, "", "", [], workflow.Type.Description ?? "", workflow.Type.Collections.Count == 0, false, workflow.Id, false, false, true),
            AlteryxJson.Default.WorkflowView);
    }

    private async Task GetQuestionsAsync(DialectCall call)
    {
        var (workflow, _) = await WorkflowAsync(call);
        await call.Http.WriteJsonAsync([.. workflow.Publication.Questions.Select(AlteryxMapping.View)], AlteryxJson.Default.IReadOnlyListQuestionView);
    }

    private async Task ListJobsAsync(DialectCall call)
    {
        List<JobFieldError> errors = [];
        var listing = JobListing.Read(call.Request.Query, errors);
        if (errors.Count > 0) throw AlteryxErrors.Invalid(errors);
        var (workflow, sight) = await WorkflowAsync(call);
        var jobs = await listing.FetchAsync(call, sight, workflow);
        await call.Http.WriteJsonAsync([.. jobs.Select(job => AlteryxMapping.ListView(job, workflow))], AlteryxJson.Default.IReadOnlyListWorkflowJobView);
    }

    private async Task RunAsync(DialectCall call)
    {
        var body = await call.ReadBodyAsync();
        var (workflow, sight) = await WorkflowAsync(call);
        List<JobFieldError> errors = [];
        var contract = EnqueueContract.Read(body, workflow.Publication, errors);
        if (errors.Count > 0) throw AlteryxErrors.Invalid(errors);
        if (call.Principal.Roles is ["viewer"] && (contract.Priority != "Default" || contract.WorkerTag.Length > 0 || contract.CredentialId.Length > 0))
        {
            throw AlteryxErrors.Forbidden("A Viewer can neither set the priority of a job nor assign it, nor run it with other credentials.");
        }

        call.RefuseWhileDraining();
        var (parent, state) = call.Trace;
        var receipt = await call.Jobs.SubmitAsync(
            new JobSubmission
            {
                Type = workflow.Type.Name,
                Input = contract.Input,
                Priority = AlteryxMapping.Level(contract.Priority),
                Queue = contract.WorkerTag.Length > 0 ? JobNames.TagQueue(contract.WorkerTag) : null,
                Labels = Labels(contract),
                RequestId = call.RequestId,
                TraceParent = parent,
                TraceState = state,
            },
            cancellationToken: call.Aborted);
        await call.Http.WriteJsonAsync(await ViewAsync(call, sight, receipt.Job, workflow, withMessages: true), AlteryxJson.Default.JobView);
    }

    private async Task GetOutputAsync(DialectCall call)
    {
        var (job, _, sight) = await FindAsync(call);
        var outputs = await sight.Contents.ListOutputsAsync(job.Head.Id, call.Aborted);
        var output = outputs.FirstOrDefault(one => one.Id == call.RouteValue("outputId")) ?? throw AlteryxErrors.NotFound();
        var format = call.Request.Query["format"].ToString();
        var rendering = AlteryxMapping.Rendering(output, format) ?? throw AlteryxErrors.Invalid(
            [new("format", $"'{format}' is none of the output's formats: {string.Join(", ", AlteryxMapping.AvailableFormats(output))}.")]);
        var content = await sight.Contents.OpenOutputAsync(job.Head.Id, output.Id, rendering.Format, call.Aborted) ?? throw AlteryxErrors.NotFound();
        await using (content)
        {
            call.Response.Headers.XContentTypeOptions = "nosniff";
            call.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
            await TypedResults.Stream(content.Content, content.ContentType, content.FileName, enableRangeProcessing: true).ExecuteAsync(call.Http);
        }
    }

    /// <summary>The job, if the caller may see it: unknown, foreign, purged and of no app workflow are one and the same 404.</summary>
    private async ValueTask<(Job Job, Workflow Workflow, AlteryxSight Sight)> FindAsync(DialectCall call)
    {
        var sight = await AlteryxSight.OfAsync(call, collections);
        var found = await sight.Jobs.FindAsync(call.JobIdOf(), cancellationToken: call.Aborted);
        if (found.Job is not { } job) throw AlteryxErrors.NotFound();
        var workflow = await Workflow.OfJobAsync(call, job, options);
        return workflow is not null && await sight.SeesAsync(job, workflow) ? (job, workflow, sight) : throw AlteryxErrors.NotFound();
    }

    private async ValueTask<(Workflow Workflow, AlteryxSight Sight)> WorkflowAsync(DialectCall call)
    {
        var sight = await AlteryxSight.OfAsync(call, collections);
        var id = call.RouteValue("workflowId");
        var workflow = (await Workflow.AllAsync(call, options)).FirstOrDefault(one => one.Is(id));
        return workflow is not null && sight.Sees(workflow) ? (workflow, sight) : throw AlteryxErrors.NotFound();
    }

    private static async ValueTask<JobView> ViewAsync(DialectCall call, AlteryxSight sight, Job job, Workflow workflow, bool withMessages) => AlteryxMapping.View(
        job, workflow, await sight.Contents.ListOutputsAsync(job.Head.Id, call.Aborted), withMessages ? await MessagesAsync(call, sight, job) : null);

    private static async ValueTask<IReadOnlyList<MessageView>> MessagesAsync(DialectCall call, AlteryxSight sight, Job job)
    {
        List<JobMessage> log = [];
        Storage.MessagePage page;
        do
        {
            page = await sight.Contents.ListMessagesAsync(job.Head.Id, new Storage.MessageQuery(log.Count == 0 ? 0 : log[^1].Sequence, Limit: MessagesMax), call.Aborted);
            log.AddRange(page.Messages);
        }
        while (page.Messages.Count == MessagesMax);
        return AlteryxMapping.Messages(job, log);
    }

    /// <summary>Absent and without a value both mean true.</summary>
    private static bool IncludesMessages(HttpRequest request)
    {
        if (!request.QueryString.HasValue) return true;
        var said = request.Query.FirstOrDefault(one => one.Key.Equals("includeMessages", StringComparison.OrdinalIgnoreCase)).Value.ToString();
        if (said.Length == 0) return true;
        return bool.TryParse(said, out var value) ? value : throw AlteryxErrors.Invalid([new("includeMessages", $"The value '{said}' is not valid: true or false is expected.")]);
    }

    private static Dictionary<string, string> Labels(EnqueueContract contract)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        if (contract.WorkerTag.Length > 0) labels[AlteryxMapping.WorkerTagLabel] = contract.WorkerTag;
        if (contract.Priority == "Medium") labels[AlteryxMapping.PriorityLabel] = contract.Priority;
        if (contract.CredentialId.Length > 0) labels[AlteryxMapping.CredentialLabel] = contract.CredentialId;
        return labels;
    }
}
