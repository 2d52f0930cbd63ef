namespace Errand;

/// <summary>The shapes that names must have.</summary>
public static class JobNames
{
    /// <summary>The tenant where there is only one.</summary>
    public const string DefaultTenant = "default";

    /// <summary>The queue of a type that names none.</summary>
    public const string DefaultQueue = "default";

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
