namespace Errand;

/// <summary>The shapes that names must have.</summary>
public static class JobNames
{
    /// <summary>The tenant where there is only one.</summary>
    public const string DefaultTenant = "default";

    /// <summary>The queue of a type that names none.</summary>
    public const string DefaultQueue = "default";

    /// <summary>
    /// How a queue begins that stands for a worker's tag: <c>tag.gpu</c>. Only a worker session that names such a queue is given its jobs; one that takes from every queue is not.
    /// </summary>
    public const string TagQueuePrefix = "tag.";

    /// <summary>The queue of a tag: small letters, spaces as <c>-</c>. Null for what no tag can be.</summary>
    public static string? TagQueue(string tag)
    {
        var name = TagQueuePrefix + tag.Trim().ToLowerInvariant().Replace(' ', '-');
        return name.Length > TagQueuePrefix.Length && IsTypeOrQueue(name) ? name : null;
    }

    /// <summary>The tag of such a queue; null for any other queue.</summary>
    public static string? TagOf(string queue) => queue.StartsWith(TagQueuePrefix, StringComparison.Ordinal) ? queue[TagQueuePrefix.Length..] : null;

    /// <summary>Whether a worker that names these queues – none for every one – is given jobs of a queue.</summary>
    public static bool Serves(IReadOnlyCollection<string> named, string queue) =>
        named.Contains(queue) || (TagOf(queue) is null && (named.Count == 0 || named.Contains("*")));

    /// <summary>True for <c>[a-z][a-z0-9._-]{0,127}</c>: the shape of a type's or queue's name.</summary>
    public static bool IsTypeOrQueue(string? name)
    {
        if (name is null || name.Length is 0 or > 128 || !char.IsAsciiLetterLower(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-')) return false;
        }

        return true;
    }

    /// <summary>True for <c>[A-Za-z0-9._-]{1,128}</c>: the shape of an output's id.</summary>
    public static bool IsOutput(string? name)
    {
        if (name is null || name.Length is 0 or > 128 || name is "." or "..") return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        }

        return true;
    }
}
