using System.IO.Enumeration;
using Errand.Work;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Errand.Handlers;

/// <summary>
/// Finds the files that become outputs. Files that differ only in their extension are formats of one output: <c>report.csv</c> and
/// <c>report.json</c> become <c>report</c> with the formats <c>csv</c> and <c>json</c>.
/// </summary>
internal static class CommandOutputs
{
    private const int LongestId = 120;

    /// <summary>The outputs, in the order of the patterns, and what was refused.</summary>
    public static (IReadOnlyList<OutputDraft> Outputs, IReadOnlyList<string> Refused) Find(string folder, IReadOnlyList<string> patterns)
    {
        var refused = new List<string>();
        if (patterns.Count is 0) return ([], refused);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        // The tree is walked here and not by the matcher, which would follow links out of the folder and round in circles.
        var files = Walk(root).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal).ToArray();
        var chosen = new List<string>();
        foreach (var pattern in patterns)
        {
            var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
            foreach (var file in matcher.Match(root, files.Select(file => Path.Combine(root, file))).Files)
            {
                if (chosen.Contains(file.Path)) continue;
                if (IsInside(root, file.Path)) chosen.Add(file.Path);
                else if (!refused.Contains(file.Path)) refused.Add(file.Path);
            }
        }

        return (Drafts(root, chosen), refused);
    }

    private static List<OutputDraft> Drafts(string root, List<string> files)
    {
        var outputs = new List<(string Stem, string FileName, List<OutputFormatDraft> Formats)>();
        foreach (var file in files)
        {
            var stem = file[..(file.Length - Path.GetExtension(file).Length)];
            var format = Draft(Path.Combine(root, file));
            // Two files of one stem whose extensions give the same word are two outputs.
            var output = outputs.Find(known => known.Stem == stem && !known.Formats.Exists(other => other.Format == format.Format));
            if (output.Formats is not null) output.Formats.Add(format);
            else outputs.Add((stem, Path.GetFileName(file), [format]));
        }

        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return outputs.ConvertAll(output => new OutputDraft(Unique(ids, Safe(output.Stem)), output.FileName, output.Formats));
    }

    private static OutputFormatDraft Draft(string path) => new(Format(path), ContentTypes.Of(path), async (stream, cancellationToken) =>
    {
        // A pipe has no length, and opening one would wait for somebody who writes.
        if (new FileInfo(path).Length is 0) return;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        await file.CopyToAsync(stream, 128 * 1024, cancellationToken);
    });

    private static string Format(string path)
    {
        var extension = Path.GetExtension(path).TrimStart('.');
        return extension.Length is > 0 and <= 32 && extension.All(char.IsAsciiLetterOrDigit)
            ? string.Create(extension.Length, extension, static (target, text) => text.AsSpan().ToLowerInvariant(target))
            : "file";
    }

    private static FileSystemEnumerable<string> Walk(string root) =>
        new(root, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
            IgnoreInaccessible = true,
        })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };

    /// <summary>True when a folder on the way to the file is a link.</summary>
    private static bool IsBehindLink(string root, string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null && folder.Length > root.Length; folder = Path.GetDirectoryName(folder))
        {
            if (new DirectoryInfo(folder).LinkTarget is not null) return true;
        }

        return false;
    }

    private static bool IsInside(string root, string relative)
    {
        var file = new FileInfo(Path.Combine(root, relative));
        if (file.LinkTarget is null) return true;
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target
                && target.FullName.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                && !IsBehindLink(root, target.FullName);
        }
        catch (IOException)
        {
            // A link to itself, or a chain without an end.
            return false;
        }
    }

    private static string Safe(string stem)
    {
        var id = string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).Trim('.');
        return id.Length is 0 ? "output" : id.Length <= LongestId ? id : id[..LongestId];
    }

    private static string Unique(HashSet<string> ids, string id)
    {
        var unique = id;
        for (var number = 2; !ids.Add(unique); number++) unique = $"{id}-{number}";
        return unique;
    }
}
