using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Errand.Server.Configuration;

/// <summary>
/// One object of the configuration, read member by member. Whatever is wrong is noted and reading goes on, so that all mistakes are told at
/// once. The members that were asked for are
/// the ones that exist: <see cref="Close"/> notes every other.
/// </summary>
internal sealed class ConfigSection(JsonObject node, string path, List<ConfigError> errors)
{
    private readonly List<string> _known = [];

    /// <summary>Where this object is.</summary>
    public string Path => path;

    /// <summary>Notes a mistake of a member; null for the object itself.</summary>
    public void Fail(string? member, string message) => errors.Add(new ConfigError(member is null ? path : Join(path, member), message));

    /// <summary>Notes a mistake that a JSON pointer locates below this object: <c>#/headers/accept</c>.</summary>
    public void FailAt(JobFieldError error)
    {
        var steps = error.Pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        errors.Add(new ConfigError(steps.Aggregate(path, Join), error.Detail));
    }

    /// <summary>True when the member is there and not null.</summary>
    public bool Has(string member) => node[member] is not null;

    /// <summary>A text that is not empty.</summary>
    public string? Text(string member) => Read(member) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text => text,
        _ => Wrong<string>(member, "must be a text that is not empty"),
    };

    /// <summary>A text that must be there.</summary>
    public string? RequiredText(string member, string example)
    {
        if (!Has(member)) return Missing<string>(member, example);
        return Text(member);
    }

    /// <summary>One of a few words.</summary>
    public string? Word(string member, params IReadOnlyList<string> words)
    {
        if (Text(member) is not { } text || words.Contains(text)) return Text(member);
        return Wrong<string>(member, $"\"{text}\" is none of {string.Join(", ", words)}.{Suggestion.For(text, words)}");
    }

    /// <summary>A whole number within bounds.</summary>
    public int? Integer(string member, int min, int max)
    {
        if (Read(member) is not { } read) return null;
        var ok = int.TryParse(Scalar(read), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        return ok && number >= min && number <= max ? number : Wrong<int?>(member, $"must be a whole number from {min} to {max}");
    }

    /// <summary>True or false.</summary>
    public bool? Flag(string member)
    {
        if (Read(member) is not { } read) return null;
        return bool.TryParse(Scalar(read), out var flag) ? flag : Wrong<bool?>(member, "must be true or false");
    }

    /// <summary>A duration over zero; or of zero, where that means never or at once.</summary>
    public TimeSpan? Duration(string member, bool orZero = false)
    {
        if (Read(member) is not { } read) return null;
        return Durations.TryParse(Scalar(read), out var duration) && (orZero ? duration >= TimeSpan.Zero : duration > TimeSpan.Zero)
            ? duration
            : Wrong<TimeSpan?>(member, $"must be a duration such as {Durations.Example}");
    }

    /// <summary>A number of times a second, written <c>50/s</c>, <c>300/m</c> or <c>10/h</c>.</summary>
    public double? Rate(string member)
    {
        if (Text(member) is not { } text) return null;
        var parts = text.Split('/');
        var unit = parts is [_, var word] ? word switch { "s" => 1.0, "m" => 60.0, "h" => 3600.0, _ => 0 } : 0;
        if (unit > 0 && double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0) return number / unit;
        return Wrong<double?>(member, $"\"{text}\" must be a number for each second, minute or hour, as \"50/s\", \"300/m\" or \"10/h\"");
    }

    /// <summary>A list of texts; one text stands for a list of one.</summary>
    public IReadOnlyList<string>? Texts(string member)
    {
        var read = Read(member);
        if (read is null) return null;
        if (read is JsonValue) return Text(member) is { } one ? [one] : null;
        var texts = read is JsonArray array && array.All(item => item?.GetValueKind() is JsonValueKind.String) ? array : null;
        if (texts is not null) return [.. texts.Select(item => item!.GetValue<string>())];
        return Wrong<IReadOnlyList<string>?>(member, "must be a list of texts, as [\"a\", \"b\"]");
    }

    /// <summary>A list of whole numbers within bounds; one number stands for a list of one.</summary>
    public IReadOnlyList<int>? Integers(string member, int min, int max)
    {
        if (Read(member) is not { } read) return null;
        List<int> numbers = [];
        foreach (var part in read is JsonArray array ? array.AsEnumerable() : [read])
        {
            var ok = int.TryParse(part is null ? null : Scalar(part), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (!ok || number < min || number > max) return Wrong<IReadOnlyList<int>?>(
                member, $"must be a list of whole numbers from {min} to {max}");
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Names with texts.</summary>
    public IReadOnlyDictionary<string, string>? Map(string member)
    {
        if (Read(member) is not { } read) return null;
        if (read is JsonObject map && map.All(pair => pair.Value?.GetValueKind() is JsonValueKind.String))
        {
            return map.ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal);
        }

        return Wrong<IReadOnlyDictionary<string, string>?>(member, "must be an object of texts, as { \"name\": \"value\" }");
    }

    /// <summary>An absolute http or https address.</summary>
    public Uri? Address(string member)
    {
        if (Text(member) is not { } text) return null;
        var ok = Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
        return ok ? uri : Wrong<Uri?>(member, $"\"{text}\" must be an absolute http or https address, as https://errand.example.org");
    }

    /// <summary>The JSON as it is.</summary>
    public JsonNode? Json(string member) => Read(member);

    /// <summary>An object within this one.</summary>
    public ConfigSection? Section(string member) => Read(member) switch
    {
        null => null,
        JsonObject inner => new ConfigSection(inner, Join(path, member), errors),
        _ => Wrong<ConfigSection>(member, "must be an object, as { … }"),
    };

    /// <summary>Objects by their names.</summary>
    public IEnumerable<(string Name, ConfigSection Section)> Sections(string member)
    {
        if (Section(member) is not { } outer) yield break;
        foreach (var name in outer.Names())
        {
            if (outer.Section(name) is { } inner) yield return (name, inner);
        }
    }

    /// <summary>Objects in a list, each under its place: <c>clients[0]</c>.</summary>
    public IEnumerable<ConfigSection> List(string member)
    {
        if (Read(member) is not { } read) yield break;
        if (read is not JsonArray array || array.Any(item => item is not JsonObject))
        {
            Fail(member, "must be a list of objects, as [ { … }, { … } ]");
            yield break;
        }

        for (var at = 0; at < array.Count; at++) yield return new ConfigSection(array[at]!.AsObject(), $"{Join(path, member)}[{at}]", errors);
    }

    /// <summary>Notes every member that was never asked for, with the one that was probably meant.</summary>
    public void Close()
    {
        foreach (var (name, _) in node)
        {
            if (_known.Contains(name)) continue;
            var meant = Suggestion.For(name, _known);
            var known = $"is not known here. Known: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.";
            Fail(name, meant.Length == 0 ? known : $"is not known.{meant}");
        }
    }

    private IReadOnlyList<string> Names() => [.. node.Select(pair => pair.Key)];

    private JsonNode? Read(string member)
    {
        if (!_known.Contains(member)) _known.Add(member);
        return node[member];
    }

    private T? Missing<T>(string member, string example)
    {
        _known.Add(member);
        return Wrong<T>(member, $"is missing. Add it, as \"{member}\": {example}");
    }

    private T? Wrong<T>(string member, string message)
    {
        Fail(member, message);
        return default;
    }

    // Values from environment variables are texts: "8" stands for 8.
    private static string? Scalar(JsonNode read) => read.GetValueKind() switch
    {
        JsonValueKind.String => read.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => read.ToJsonString(),
        _ => null,
    };

    private static string Join(string path, string member)
    {
        var plain = member.All(c => char.IsAsciiLetterOrDigit(c) || c is '_');
        var step = plain ? member : $"[\"{member}\"]";
        return path.Length == 0 || !plain ? path + step : $"{path}.{step}";
    }
}
