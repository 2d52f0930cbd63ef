namespace Errand.EndToEnd.Tests.PowerLoss;

/// <summary>
/// libeatmydata, in the program's process: every flush is answered with success and not done. To SQLite that is what <c>synchronous=OFF</c> is – its flushes are these calls – without a way to say so
/// in Errand, which has none.
/// </summary>
internal static class Lie
{
    /// <summary>Null where Debian's package libeatmydata1 is not installed.</summary>
    public static string? Library { get; } = new[] { "/usr/lib", "/usr/lib64" }
        .Where(Directory.Exists)
        .SelectMany(place => Directory.GetDirectories(place, "*-linux-gnu").Prepend(place))
        .Select(place => Path.Combine(place, "libeatmydata.so.1"))
        .FirstOrDefault(File.Exists);

    public static void SkipIfMissing() => Assert.SkipWhen(Library is null, "No libeatmydata: the control needs it. Install Debian's package libeatmydata1.");
}
