using Errand.Dialects.Alteryx;

namespace Errand.Server.Configuration;

/// <summary>The wire of Alteryx Server; what is said of types as workflows stands with the types.</summary>
public sealed record AlteryxConfig : DialectConfig
{
    /// <summary>See <see cref="AlteryxOptions.MessagesAsArray"/>.</summary>
    public bool MessagesAsArray { get; init; }
}

/// <summary>Reads <c>dialects.alteryx</c>, and <c>alteryx</c> of a type.</summary>
internal static class AlteryxReader
{
    private const int IdLength = 24;

    public static DialectConfig Read(ConfigSection section) => new AlteryxConfig
    {
        Path = DialectsReader.ReadPath(section, "/webapi"),
        MessagesAsArray = section.Flag("messagesAsArray") ?? false,
    };

    public static AlteryxWorkflow? ReadWorkflow(ConfigSection type)
    {
        if (type.Section("alteryx") is not { } section) return null;
        var id = section.Text("workflowId");
        if (id is not null && !(id.Length == IdLength && id.All(char.IsAsciiHexDigit)))
        {
            section.Fail("workflowId", $"\"{id}\" must be {IdLength} hex digits, as \"67c41e559be2d1000043a6c0\"; leave it out for one that is made of the type's name");
        }

        var workflow = new AlteryxWorkflow
        {
            WorkflowId = id?.ToLowerInvariant(),
            Name = section.Text("name"),
            App = section.Flag("app") ?? true,
            RunWithE2 = section.Flag("runWithE2") ?? true,
            Questions = [.. ReadQuestions(section)],
        };
        section.Close();
        return workflow;
    }

    private static IEnumerable<AlteryxQuestion> ReadQuestions(ConfigSection workflow)
    {
        foreach (var (name, section) in workflow.Sections("questions"))
        {
            yield return new AlteryxQuestion(name)
            {
                QuestionType = section.Text("questionType") ?? "TextBox",
                Description = section.Text("description") ?? "",
                Value = section.Text("value"),
                Multiple = section.Flag("multiple") ?? false,
                Items = section.Map("items") ?? new Dictionary<string, string>(),
            };
            section.Close();
        }
    }
}
