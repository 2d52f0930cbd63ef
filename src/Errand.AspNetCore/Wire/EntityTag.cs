using Microsoft.Extensions.Primitives;

namespace Errand.AspNetCore;

/// <summary>Entity tags: a job's revision in quotes, always strong.</summary>
internal static class EntityTag
{
    public static string Of(JobRevision revision) => $"\"{revision}\"";

    /// <summary>Weak comparison, as If-None-Match wants it.</summary>
    public static bool NoneMatchHits(StringValues header, string tag)
    {
        if (header is [{ } only] && only == tag) return true;
        foreach (var value in Each(header))
        {
            if (value is "*" || value == tag || (value.StartsWith("W/", StringComparison.Ordinal) && value.AsSpan(2).SequenceEqual(tag))) return true;
        }

        return false;
    }

    /// <summary>The one revision that the header names; null for none, several, or one that is not ours.</summary>
    public static JobRevision? Single(StringValues header)
    {
        string? only = null;
        foreach (var value in Each(header))
        {
            if (only is not null) return null;
            only = value.StartsWith("W/", StringComparison.Ordinal) ? value[2..] : value;
        }

        return Read(only);
    }

    /// <summary>Strong comparison, as If-Match wants it: weak tags and tags that are not ours match nothing.</summary>
    public static IEnumerable<JobRevision?> Strong(StringValues header) => Each(header).Select(Read);

    private static JobRevision? Read(string? tag) =>
        tag is ['"', .. var inner, '"'] && JobRevision.TryParse(inner, out var revision) ? revision : null;

    private static IEnumerable<string> Each(StringValues header)
    {
        foreach (var line in header)
        {
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) yield return part;
        }
    }
}
