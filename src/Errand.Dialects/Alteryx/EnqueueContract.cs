using System.Text.Json;

namespace Errand.Dialects.Alteryx;

/// <summary>What a client may say when it runs a workflow: <c>{workerTag, credentialId, questions: [{name, value}], priority}</c>, each optional.</summary>
internal sealed record EnqueueContract(string WorkerTag, string CredentialId, string Priority, byte[] Input)
{
    private const int TextMax = 120;

    /// <summary>Reads the body; an empty one says nothing. Every mistake is noted under the name that the vendor gives it.</summary>
    public static EnqueueContract Read(ReadOnlyMemory<byte> body, AlteryxWorkflow workflow, List<JobFieldError> errors)
    {
        using var document = Parse(body, errors);
        var contract = document.RootElement;
        if (contract.ValueKind is JsonValueKind.Null) return Read("{}"u8.ToArray(), workflow, errors);
        if (contract.ValueKind is not JsonValueKind.Object)
        {
            errors.Add(new("contract", "A JSON object is expected, such as {\"priority\": \"Default\"}."));
            return new("", "", "Default", []);
        }

        var priority = Text(contract, "priority", errors) is { Length: > 0 } said ? said : "Default";
        var known = AlteryxMapping.Priorities.FirstOrDefault(one => one.Equals(priority, StringComparison.OrdinalIgnoreCase));
        if (known is null) errors.Add(new("contract.priority", $"Error converting value \"{priority}\": one of {string.Join(", ", AlteryxMapping.Priorities)} is expected."));
        var tag = Text(contract, "workerTag", errors) ?? "";
        if (tag.Length > 0 && JobNames.TagQueue(tag) is null) errors.Add(new("contract.workerTag", "A worker tag has letters, digits, '.', '_', '-' and spaces, at most 120."));
        return new(tag, Text(contract, "credentialId", errors) ?? "", known ?? "Default", Answers(contract, workflow, errors));
    }

    /// <summary>The answers as the job's input: one member a question.</summary>
    private static byte[] Answers(JsonElement contract, AlteryxWorkflow workflow, List<JobFieldError> errors)
    {
        Dictionary<string, JsonElement> answers = new(StringComparer.Ordinal);
        if (contract.TryGetProperty("questions", out var questions) && questions.ValueKind is not JsonValueKind.Null)
        {
            if (questions.ValueKind is not JsonValueKind.Array) errors.Add(new("contract.questions", "A list of {\"name\": …, \"value\": …} is expected."));
            else Read(questions, workflow, answers, errors);
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var question in workflow.Questions.Where(one => one.Value is not null && !answers.ContainsKey(one.Name))) json.WriteString(question.Name, question.Value);
            foreach (var (name, value) in answers)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Read(JsonElement questions, AlteryxWorkflow workflow, Dictionary<string, JsonElement> answers, List<JobFieldError> errors)
    {
        var at = 0;
        foreach (var one in questions.EnumerateArray())
        {
            var where = $"contract.questions[{at++}]";
            if (one.ValueKind is not JsonValueKind.Object || !one.TryGetProperty("name", out var named) || named.ValueKind is not JsonValueKind.String)
            {
                errors.Add(new($"{where}.name", "The name of a question is required."));
                continue;
            }

            var name = named.GetString()!;
            var question = workflow.Questions.FirstOrDefault(known => known.Name == name);
            if (question is null && workflow.Questions.Count > 0)
            {
                errors.Add(new($"{where}.name", $"The workflow asks no question '{name}'. It asks: {string.Join(", ", workflow.Questions.Select(known => known.Name))}."));
                continue;
            }

            var value = one.TryGetProperty("value", out var said) ? said : default;
            if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object)
            {
                errors.Add(new($"{where}.value", "The value of an answer is a text, or a list of texts."));
            }
            else if (question is { Items.Count: > 0, Multiple: false } && value.ValueKind is JsonValueKind.String && !question.Items.ContainsKey(value.GetString()!))
            {
                errors.Add(new($"{where}.value", $"'{value.GetString()}' is none of the choices: {string.Join(", ", question.Items.Keys)}."));
            }
            else
            {
                answers[name] = value.Clone();
            }
        }
    }

    private static string? Text(JsonElement contract, string name, List<JobFieldError> errors)
    {
        if (!contract.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return null;
        if (value.ValueKind is JsonValueKind.String && value.GetString() is { Length: <= TextMax } text) return text;
        errors.Add(new($"contract.{name}", $"A text of at most {TextMax} characters is expected."));
        return null;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body, List<JobFieldError> errors)
    {
        try
        {
            return JsonDocument.Parse(IsBlank(body.Span) ? "{}"u8.ToArray() : body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException e)
        {
            errors.Add(new("contract", $"The JSON is malformed at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."));
            return JsonDocument.Parse("{}");
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> body) => body.Trim(" \t\r\n"u8).IsEmpty;
}
