using System.Globalization;
using Errand.Contracts;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Reads query parameters; what is wrong names the parameter and what would be right.</summary>
internal static class QueryParameters
{
    /// <summary>Refuses parameters that the route does not have, or has twice. <c>api-version</c> is what Azure's SDKs may add.</summary>
    public static void Check(ApiRoute route, HttpRequest request)
    {
        if (!request.QueryString.HasValue) return;
        foreach (var (name, values) in request.Query)
        {
            if (!IsKnown(route, name))
            {
                throw new ApiProblemException(new ApiProblem(ProblemCatalog.UnknownParameter, $"There is no query parameter '{name}' here.{Known(route, name)}") { Parameter = name });
            }

            if (values.Count > 1) throw Bad(name, $"'{name}' is given twice: give it once, with commas between the values.");
        }
    }

    public static string? Text(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } value] ? value : null;

    public static IReadOnlyList<string> Words(HttpRequest request, string name) =>
        Text(request, name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static bool Flag(HttpRequest request, string name, bool otherwise = false) => Text(request, name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var other => throw Bad(name, $"'{name}' is true or false, not '{other}'."),
    };

    public static DateTimeOffset? Time(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text) return null;

        // A '+' that was not escaped arrives as a space.
        return WireTime.TryParse(text.Replace(' ', '+'), out var value)
            ? value
            : throw Bad(name, $"'{name}' is an RFC 3339 time such as 2026-11-22T08:30:00Z, not '{text}'.");
    }

    public static long? Number(HttpRequest request, string name, long least, long most)
    {
        if (Text(request, name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Bad(name, $"'{name}' is a whole number from {least} to {most}, not '{text}'.");
    }

    /// <summary>Entries a page: a wish that is over the limit is cut, a negative one is refused.</summary>
    public static int PageSize(HttpRequest request, int otherwise = 50) => (int)Math.Min(Number(request, "pageSize", 1, int.MaxValue) ?? otherwise, 200);

    public static T Word<T>(HttpRequest request, string name, T otherwise)
        where T : struct, Enum => OptionalWord<T>(request, name) ?? otherwise;

    public static T? OptionalWord<T>(HttpRequest request, string name)
        where T : struct, Enum
    {
        if (Text(request, name) is not { } text) return null;
        return WireWords.TryParse<T>(text, out var value)
            ? value
            : throw Bad(name, $"'{name}' is one of {string.Join(", ", WireWords.All<T>())}, not '{text}'.{Suggestion.For(text, WireWords.All<T>())}");
    }

    public static ApiProblemException Bad(string name, string detail) => new(ApiProblem.BadParameter(name, detail));

    private static bool IsKnown(ApiRoute route, string name) =>
        name is "api-version" || (name is "ticket" && route.TakesTicket)
        || route.Query.Any(p => p.IsPrefix ? name.Length > p.Name.Length && name.StartsWith(p.Name, StringComparison.Ordinal) : p.Name == name);

    private static string Known(ApiRoute route, string name)
    {
        var names = route.Query.Select(p => p.Name).ToList();
        return names.Count == 0 ? "" : $"{Suggestion.For(name, names)} Known: {string.Join(", ", names.Select(n => n.EndsWith('.') ? n + "NAME" : n))}.";
    }
}
