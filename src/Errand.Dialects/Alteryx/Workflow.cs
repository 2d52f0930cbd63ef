using Errand.AspNetCore;

namespace Errand.Dialects.Alteryx;

/// <summary>A type as this tenant sees it as a workflow.</summary>
internal sealed record Workflow(JobType Type, AlteryxWorkflow Publication, string Tenant)
{
    public string Id => field ??= Publication.WorkflowId ?? AlteryxMapping.WorkflowId(Tenant, Type.Name);

    public string Name => Publication.Name ?? Type.Name;

    public static Workflow Of(JobType type, string tenant, AlteryxOptions options) =>
        new(type, options.Workflows.GetValueOrDefault(type.Name, AlteryxWorkflow.Plain), tenant);

    /// <summary>The app workflow that a job is of; null when its type is unknown or none.</summary>
    public static async ValueTask<Workflow?> OfJobAsync(DialectCall call, Job job, AlteryxOptions options) =>
        await call.Types.FindAsync(job.Head.Type, call.Aborted) is { Internal: false } type && Of(type, call.Principal.Caller.Tenant, options) is { Publication.App: true } workflow ? workflow : null;

    /// <summary>The app workflows of the caller's tenant, whoever may see them.</summary>
    public static async ValueTask<IEnumerable<Workflow>> AllAsync(DialectCall call, AlteryxOptions options)
    {
        var types = await call.Types.ListAsync(call.Aborted);
        return types.Where(known => !known.Type.Internal).Select(known => Of(known.Type, call.Principal.Caller.Tenant, options)).Where(one => one.Publication.App);
    }

    /// <summary>Found by its id in any case, or by the name of its type.</summary>
    public bool Is(string id) => Id.Equals(id, StringComparison.OrdinalIgnoreCase) || Type.Name.Equals(id, StringComparison.Ordinal);
}
