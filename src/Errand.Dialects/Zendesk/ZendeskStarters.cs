namespace Errand.Dialects.Zendesk;

/// <summary>One of the vendor's bulk endpoints.</summary>
/// <param name="Key">Its path below <c>/api/v2</c>: what <see cref="ZendeskOptions.Starters"/> calls it.</param>
/// <param name="Method">The method.</param>
/// <param name="Action">What is done to each element.</param>
/// <param name="Source">Where the elements are.</param>
/// <param name="Plural">The member of the body that holds them.</param>
/// <param name="Singular">The member that holds what is done to all of <c>?ids=</c>.</param>
internal sealed record ZendeskStarter(string Key, string Method, string Action, ZendeskSource Source, string Plural = "", string Singular = "");

/// <summary>Where a bulk request has its elements.</summary>
internal enum ZendeskSource
{
    /// <summary>In an array of the body; for updates also as <c>?ids=</c> with one object for all.</summary>
    Body,

    /// <summary>In <c>?ids=</c> or <c>?external_ids=</c>.</summary>
    Query,

    /// <summary>In the path.</summary>
    Path,

    /// <summary>The <c>ids</c> of the body, beside other members.</summary>
    BodyIds,

    /// <summary><c>{"job":{"action":…,"items":[…]}}</c>.</summary>
    Job,

    /// <summary>The body is one document without elements.</summary>
    Whole,
}

/// <summary>The vendor's bulk endpoints that answer with a job status.</summary>
internal static class ZendeskStarters
{
    /// <summary>Marks jobs that began here.</summary>
    public const string DialectLabel = "dialect";

    /// <summary>Which endpoint it was.</summary>
    public const string StarterLabel = "zendesk.starter";

    /// <summary>What is done to each element.</summary>
    public const string ActionLabel = "zendesk.action";

    private static readonly ZendeskStarter[] All =
    [
        new("tickets/create_many", "POST", "create", ZendeskSource.Body, "tickets", "ticket"),
        new("tickets/update_many", "PUT", "update", ZendeskSource.Body, "tickets", "ticket"),
        new("tickets/destroy_many", "DELETE", "delete", ZendeskSource.Query),
        new("tickets/mark_many_as_spam", "PUT", "mark_as_spam", ZendeskSource.Query),
        new("tickets/{id}/merge", "POST", "merge", ZendeskSource.BodyIds),
        new("imports/tickets/create_many", "POST", "create", ZendeskSource.Body, "tickets", "ticket"),
        new("deleted_tickets/destroy_many", "DELETE", "delete", ZendeskSource.Query),
        new("deleted_tickets/{id}", "DELETE", "delete", ZendeskSource.Path),
        new("users/create_many", "POST", "create", ZendeskSource.Body, "users", "user"),
        new("users/create_or_update_many", "POST", "upsert", ZendeskSource.Body, "users", "user"),
        new("users/update_many", "PUT", "update", ZendeskSource.Body, "users", "user"),
        new("users/destroy_many", "DELETE", "delete", ZendeskSource.Query),
        new("organizations/create_many", "POST", "create", ZendeskSource.Body, "organizations", "organization"),
        new("organizations/update_many", "PUT", "update", ZendeskSource.Body, "organizations", "organization"),
        new("organizations/destroy_many", "DELETE", "delete", ZendeskSource.Query),
        new("organization_memberships/create_many", "POST", "create", ZendeskSource.Body, "organization_memberships", "organization_membership"),
        new("organization_memberships/destroy_many", "DELETE", "delete", ZendeskSource.Query),
        new("group_memberships/create_many", "POST", "create", ZendeskSource.Body, "group_memberships", "group_membership"),
        new("group_memberships/destroy_many", "DELETE", "delete", ZendeskSource.Query),
        new("resource_collections", "POST", "create", ZendeskSource.Whole),
        new("resource_collections/{id}", "PUT", "update", ZendeskSource.Whole),
        new("resource_collections/{id}", "DELETE", "delete", ZendeskSource.Whole),
        new("routing/agents/instance_values/jobs", "POST", "update", ZendeskSource.Job),
        new("custom_objects/{key}/jobs", "POST", "create", ZendeskSource.Job),
    ];

    /// <summary>Every name that the options may use.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. All.Select(s => s.Key).Distinct()];

    /// <summary>The endpoints that are mapped, with the types that they begin.</summary>
    /// <exception cref="ArgumentException">A name is unknown or a type has no type's shape.</exception>
    public static IEnumerable<(ZendeskStarter Starter, string Type)> Mapped(ZendeskOptions options)
    {
        foreach (var (given, type) in options.Starters)
        {
            var key = given.Trim('/');
            if (!JobNames.IsTypeOrQueue(type)) throw new ArgumentException($"The Zendesk starter '{given}' begins jobs of type '{type}', which is no name of a type: 'tickets.update'.", nameof(options));
            var found = All.Where(s => s.Key == key).ToList();
            if (found.Count == 0) throw new ArgumentException($"There is no Zendesk starter '{given}'.{Suggestion.For(key, Keys)} Known: {string.Join(", ", Keys)}.", nameof(options));
            foreach (var starter in found) yield return (starter, type);
        }
    }

    /// <summary>What the job does to its elements: as it was begun here, or by the last word of its type.</summary>
    public static string? ActionOf(Job job)
    {
        if (job.Details.Labels.TryGetValue(ActionLabel, out var action)) return action;
        return job.Head.Type[(job.Head.Type.LastIndexOf('.') + 1)..] switch
        {
            "create" or "create_many" => "create",
            "update" or "update_many" => "update",
            "delete" or "destroy" or "destroy_many" => "delete",
            _ => null,
        };
    }

    /// <summary>True for the two endpoints whose jobs have one word for a result.</summary>
    public static bool IsPermanentDeletion(Job job) =>
        job.Details.Labels.TryGetValue(StarterLabel, out var starter) && starter.StartsWith("deleted_tickets/", StringComparison.Ordinal);
}
