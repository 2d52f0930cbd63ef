using Errand.Dialects.Alteryx;
using Errand.Dialects.Workiva;
using Errand.Dialects.Zendesk;

namespace Errand.Testing;

/// <summary>The types of scripted jobs. No worker has a handler for them: their courses move them.</summary>
internal sealed class FakeTypes(IEnumerable<string> vendors, FakeVendorOptions options) : IHandlerCatalog
{
    public const string Operation = "workiva.operation";
    public const string QueueJob = "workiva.queue-job";
    public const string Workflow = "alteryx.workflow";

    // Its answer is a queue job; the others of the vendor's calls begin operations.
    private const string CellsStarter = "PUT /spreadsheets/v1/async/spreadsheets/{spreadsheetId}/sheets/{sheetId}/data/{region}";

    private static readonly AlteryxWorkflow DefaultWorkflow = new() { WorkflowId = VendorCredentials.WorkflowId, Name = "Stand-in" };

    public IReadOnlyList<HandlerRegistration> Handlers { get; } =
        [.. vendors.SelectMany(vendor => NamesOf(vendor, options)).Select(name => new HandlerRegistration(TypeOf(name), Create: null))];

    /// <summary>Every endpoint of the vendor's begins jobs.</summary>
    public static void Configure(ZendeskOptions zendesk)
    {
        foreach (var starter in ZendeskOptions.KnownStarters) zendesk.Starters[starter] = NameOf(starter);
    }

    public static void Configure(WorkivaOptions workiva)
    {
        foreach (var starter in WorkivaOptions.KnownStarters) workiva.Starters[starter] = Operation;
        workiva.Starters[CellsStarter] = QueueJob;
        workiva.QueueJobTypes = [QueueJob];
    }

    /// <summary>Each workflow is a type of its own; what belongs to the other stand-ins of the process is none.</summary>
    public static AlteryxOptions AlteryxOf(IEnumerable<string> vendors, FakeVendorOptions options)
    {
        var workflows = vendors.Where(vendor => vendor != VendorNames.Alteryx).SelectMany(vendor => NamesOf(vendor, options))
            .ToDictionary(name => name, _ => new AlteryxWorkflow { App = false }, StringComparer.Ordinal);
        foreach (var (index, workflow) in WorkflowsOf(options).Index()) workflows[WorkflowName(index)] = workflow;
        return new AlteryxOptions { MessagesAsArray = options.AlteryxMessagesAsArray, Workflows = workflows };
    }

    /// <summary>The type of a workflow; null when there is none of this id.</summary>
    public static string? WorkflowTypeOf(string workflowId, FakeVendorOptions options)
    {
        foreach (var (index, workflow) in WorkflowsOf(options).Index())
        {
            if (workflowId.Equals(workflow.WorkflowId, StringComparison.OrdinalIgnoreCase)) return WorkflowName(index);
        }

        return null;
    }

    /// <summary><c>tickets/{id}/merge</c> → <c>zendesk.tickets.merge</c>.</summary>
    public static string NameOf(string starter) => "zendesk." + string.Join('.', starter.Split('/').Where(part => part[0] != '{'));

    /// <summary>Those that were named, or the one that there is without.</summary>
    public static IReadOnlyList<AlteryxWorkflow> WorkflowsOf(FakeVendorOptions options) => options.Workflows.Count > 0 ? options.Workflows : [DefaultWorkflow];

    private static IEnumerable<string> NamesOf(string vendor, FakeVendorOptions options) => vendor switch
    {
        VendorNames.Zendesk => ZendeskOptions.KnownStarters.Select(NameOf).Distinct(),
        VendorNames.Workiva => [Operation, QueueJob],
        _ => WorkflowsOf(options).Select((_, index) => WorkflowName(index)),
    };

    private static string WorkflowName(int index) => index == 0 ? Workflow : $"{Workflow}-{index + 1}";

    private static JobType TypeOf(string name) => new() { Name = name, MaxAttempts = 1, Description = "A job of a stand-in: its script moves it.", Handler = "script" };
}
