namespace Errand.Handlers;

/// <summary>What is really started: full paths, since the program runs in a folder of its own, behind what ties it to this process.</summary>
internal static class CommandLine
{
    /// <summary>The program and its arguments with full paths.</summary>
    public static IReadOnlyList<string> Resolve(CommandHandlerOptions options)
    {
        var program = Find(options.Command[0], options.Folder) ?? options.Command[0];
        return [program, .. options.Command.Skip(1).Select(argument => InFolder(argument, options.Folder) ?? argument)];
    }

    /// <summary>The full path of a program, or null when there is none.</summary>
    public static string? Find(string program, string folder)
    {
        if (program.Contains('/', StringComparison.Ordinal) || Path.IsPathRooted(program))
        {
            var path = Path.GetFullPath(program, folder);
            return File.Exists(path) ? path : null;
        }

        return InPath(program) ?? InFolder(program, folder);
    }

    /// <summary>The full path of a program of the system, or null.</summary>
    public static string? InPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string? InFolder(string argument, string folder)
    {
        if (argument.Length is 0 || Path.IsPathRooted(argument) || argument.Contains('\0', StringComparison.Ordinal)) return null;
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(argument, root);
        return path.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal) && File.Exists(path) ? path : null;
    }
}
