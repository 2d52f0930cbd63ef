using System.Runtime.InteropServices;

namespace Errand.Handlers;

/// <summary>Signals to processes and groups; the class library knows only how to kill one process.</summary>
internal static partial class Signals
{
    private const int Terminate = 15;
    private const int Kill = 9;

    public static void TerminateGroup(int group) => Send(-group, Terminate);

    public static void KillGroup(int group) => Send(-group, Kill);

    public static void KillProcess(int process) => Send(process, Kill);

    private static void Send(int target, int signal)
    {
        // 0 and -1 mean this process's own group and everything there is.
        if (target is 0 or -1 or 1) throw new ArgumentOutOfRangeException(nameof(target), target, "Not one process or group.");
        // What is not there any more needs no signal.
        _ = SendSignal(target, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int target, int signal);
}
