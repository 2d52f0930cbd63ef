using System.Text.Json;
using Errand.Dialects.Alteryx;

namespace Errand.Testing.Seeds;

/// <summary>Jobs that are there already: <c>{"zendesk": […], "workiva": […], "alteryx": […]}</c>, each as its vendor's answer shows it.</summary>
internal sealed class SeedFile
{
    public IReadOnlyList<SeedJob> Jobs { get; private init; } = [];

    /// <summary>Workflows that the jobs of Alteryx name and nobody else did.</summary>
    public IReadOnlyList<AlteryxWorkflow> Workflows { get; private init; } = [];

    /// <summary>Whether a message of Zendesk has the form of 2012.</summary>
    public bool IsOld { get; private init; }

    /// <exception cref="FormatException">It is no JSON, or something in it is unknown or wrong; the message tells the place.</exception>
    public static SeedFile Parse(string json, IReadOnlyList<string> vendors, FakeVendorOptions options, DateTimeOffset now)
    {
        using var document = Open(json);
        if (document.RootElement.ValueKind is not JsonValueKind.Object) throw new FormatException("The seed is a JSON object: {\"zendesk\": [ {\"id\": …, \"status\": \"completed\"} ]}.");
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (VendorNames.FaultOf(member.Name) is { } fault) throw new FormatException($"The seed: {fault}");
            if (!vendors.Contains(member.Name)) throw new FormatException($"The seed has jobs of {member.Name}, which nobody stands in for here. Add it: {string.Join(',', vendors.Append(member.Name))}.");
        }

        var root = new SeedDocument("$", document.RootElement, now);
        var alteryx = root.Array(VendorNames.Alteryx).ToList();
        var workflows = WorkflowsOf(alteryx, options);
        var known = options with { Workflows = workflows };
        List<SeedJob> jobs =
        [
            .. root.Array(VendorNames.Zendesk).Select(ZendeskSeed.Read),
            .. root.Array(VendorNames.Workiva).Select(WorkivaSeed.Read),
            .. alteryx.Select(job => AlteryxSeed.Read(job, workflow => FakeTypes.WorkflowTypeOf(workflow, known)!)),
        ];
        if (jobs.GroupBy(job => (job.Vendor, job.Name)).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new FormatException($"The seed has the {twice.Key.Vendor} job {twice.Key.Name} twice.");
        return new SeedFile
        {
            Jobs = jobs,
            Workflows = workflows,
            IsOld = root.Array(VendorNames.Zendesk).Any(job => SeedDocument.DateOf((job.Has("job_status") ? job.Inner("job_status") : job).TextOrNull("message")) is { Old: true }),
        };
    }

    private static List<AlteryxWorkflow> WorkflowsOf(List<SeedDocument> jobs, FakeVendorOptions options)
    {
        List<AlteryxWorkflow> workflows = [.. FakeTypes.WorkflowsOf(options)];
        foreach (var job in jobs)
        {
            if (job.TextOrNull("appId") is not { } id || workflows.Exists(one => id.Equals(one.WorkflowId, StringComparison.OrdinalIgnoreCase))) continue;
            if (id.Length != 24 || !id.All(char.IsAsciiHexDigit)) throw job.Wrong("appId", $"'{id}' is no workflow's id: 24 hex digits");
            workflows.Add(new AlteryxWorkflow { WorkflowId = id.ToLowerInvariant(), Name = $"Workflow {id}", RunWithE2 = !job.Has("runWithE2") || job.Flag("runWithE2") });
        }

        return workflows;
    }

    private static JsonDocument Open(string json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new FormatException($"The seed is not JSON: {e.Message}", e);
        }
    }
}
