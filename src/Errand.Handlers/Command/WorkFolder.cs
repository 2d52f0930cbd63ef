using Microsoft.Extensions.Logging;

namespace Errand.Handlers;

/// <summary>
/// The folder of one attempt: what the program sees as its own is <see cref="Path"/>; its items lie beside it, where no output pattern
/// reaches. Its name is the mark that the program's processes carry, so whoever finds the folder finds them.
/// </summary>
internal sealed partial class WorkFolder : IDisposable
{
    private const string OwnerFile = "owner";
    private readonly string _root;
    private readonly ILogger _logger;

    private WorkFolder(string root, ILogger logger) => (_root, _logger) = (root, logger);

    /// <summary>The mark of its processes.</summary>
    public string Mark => System.IO.Path.GetFileName(_root);

    /// <summary>Where the program runs.</summary>
    public string Path => System.IO.Path.Combine(_root, "work");

    /// <summary>Where its items are put, one JSON value a line.</summary>
    public string ItemsFile => System.IO.Path.Combine(_root, "items.ndjson");

    public static WorkFolder Create(string workRoot, JobHead head, ILogger logger)
    {
        var folder = new WorkFolder(System.IO.Path.Combine(workRoot, $"{head.Id}-{head.Attempt}-{Guid.NewGuid():N}"), logger);
        Directory.CreateDirectory(folder.Path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder._root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(System.IO.Path.Combine(folder._root, OwnerFile), ProcessAge.Of(Environment.ProcessId));
        return folder;
    }

    /// <summary>Kills the programs that an earlier process left behind below a root, and removes their folders. Returns how many folders.</summary>
    public static int Reap(string workRoot, ILogger logger)
    {
        if (!Directory.Exists(workRoot)) return 0;
        var reaped = 0;
        foreach (var root in Directory.EnumerateDirectories(workRoot))
        {
            var owner = System.IO.Path.Combine(root, OwnerFile);
            // Without an owner it is being made at this moment, or it is not ours.
            if (!File.Exists(owner) || ProcessAge.IsAlive(File.ReadAllText(owner))) continue;
            using var folder = new WorkFolder(root, logger);
            var killed = MarkedProcesses.Kill(folder.Mark);
            LogReaped(logger, folder.Mark, killed);
            reaped++;
        }

        return reaped;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(_logger, e, _root);
        }
    }

    [LoggerMessage(1322, LogLevel.Warning, "The working folder '{Folder}' could not be removed; the next start tries again.")]
    private static partial void LogNotRemoved(ILogger logger, Exception e, string folder);

    [LoggerMessage(1323, LogLevel.Warning, "An earlier process left the attempt {Mark} behind: {Killed} processes are killed and its folder is removed.")]
    private static partial void LogReaped(ILogger logger, string mark, int killed);
}
