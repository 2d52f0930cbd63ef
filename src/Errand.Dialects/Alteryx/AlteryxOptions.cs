namespace Errand.Dialects.Alteryx;

/// <summary>How the Alteryx Server wire is served.</summary>
public sealed record AlteryxOptions
{
    /// <summary>
    /// <c>GET …/jobs/{id}/messages</c> answers a list. Default: false, one object, the gravest and latest, as the vendor documents it; the job itself always carries the whole list.
    /// </summary>
    public bool MessagesAsArray { get; init; }

    /// <summary>What is said of types as workflows, by the name of the type. A type without an entry is an app workflow of its own name.</summary>
    public IReadOnlyDictionary<string, AlteryxWorkflow> Workflows { get; init; } = new Dictionary<string, AlteryxWorkflow>(StringComparer.Ordinal);
}

/// <summary>A type as a workflow.</summary>
public sealed record AlteryxWorkflow
{
    /// <summary>A type of which nothing is said.</summary>
    public static AlteryxWorkflow Plain { get; } = new();

    /// <summary>Its id, 24 hex digits. Default: made of tenant and type.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>The name that people see. Default: the type's.</summary>
    public string? Name { get; init; }

    /// <summary>False: no app workflow, so neither it nor its jobs can be used (404). Default: true.</summary>
    public bool App { get; init; } = true;

    /// <summary>What its jobs answer as <c>runWithE2</c>. Default: true.</summary>
    public bool RunWithE2 { get; init; } = true;

    /// <summary>What it asks. Empty: a submit may answer anything; otherwise only these, and what is not answered takes their value.</summary>
    public IReadOnlyList<AlteryxQuestion> Questions { get; init; } = [];
}

/// <summary>A question of a workflow; the answer becomes the member of that name in the job's input.</summary>
/// <param name="Name">Its name.</param>
public sealed record AlteryxQuestion(string Name)
{
    /// <summary>The vendor's word for the control: <c>TextBox</c>, <c>DropDown</c>, … Default: <c>TextBox</c>.</summary>
    public string QuestionType { get; init; } = "TextBox";

    /// <summary>What is asked.</summary>
    public string Description { get; init; } = "";

    /// <summary>The answer when none is given; null for none.</summary>
    public string? Value { get; init; }

    /// <summary>Whether several choices may be taken.</summary>
    public bool Multiple { get; init; }

    /// <summary>The choices, key and shown value; empty for free text.</summary>
    public IReadOnlyDictionary<string, string> Items { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
