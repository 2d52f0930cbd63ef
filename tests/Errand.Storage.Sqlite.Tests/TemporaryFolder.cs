namespace Errand.Storage.Sqlite.Tests;

/// <summary>A folder that is gone after the test, with what lies in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private int _last;

    public string Path { get; } = Directory.CreateTempSubdirectory("errand-sqlite-").FullName;

    /// <summary>The path of a folder within, not made yet.</summary>
    public string New() => System.IO.Path.Combine(Path, $"data-{Interlocked.Increment(ref _last)}");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
