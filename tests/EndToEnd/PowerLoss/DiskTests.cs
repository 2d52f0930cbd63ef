using System.Globalization;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests.PowerLoss;

/// <summary>The disk and the lie by themselves: an experiment whose disk keeps everything, or nothing, would show nothing.</summary>
public sealed class DiskTests
{
    private const int Files = 20;

    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_keeps_what_was_flushed_and_loses_what_was_only_written(bool scattered)
    {
        await using var disk = await MountAsync();
        for (var i = 0; i < Files; i++)
        {
            await WriteAsync(disk, Name("old", i), flush: true, lie: false);
            await WriteAsync(disk, Name("flushed", i), flush: true, lie: false);
            await WriteAsync(disk, Name("written", i), flush: false, lie: false);
        }

        for (var i = 0; i < Files; i++) await OverwriteAsync(disk, Name("old", i));
        if (scattered) disk.Scatter(new Random(1));
        disk.Cut();
        await Assert.ThrowsAnyAsync<IOException>(() => File.WriteAllTextAsync(Path.Combine(disk.Path, "after"), "x"));
        await disk.RestoreAsync();

        Assert.All(Enumerable.Range(0, Files), i => Assert.True(IsWhole(disk, Name("flushed", i)), $"flushed file {i} is gone"));

        // The last ones: some that came before may have reached the disk together with a file that was flushed.
        Assert.False(IsWhole(disk, Name("written", Files - 1)), "what was only written is still there: this disk loses nothing");
        Assert.False(File.Exists(Path.Combine(disk.Path, "after")));

        // What was written over flushed bytes and not flushed itself: all of it is lost, or some of it.
        var kept = Enumerable.Range(0, Files).Count(i => !IsWhole(disk, Name("old", i)));
        if (scattered) Assert.InRange(kept, 1, Files - 1);
        else Assert.Equal(0, kept);
    }

    [Fact(Explicit = true)]
    public async Task A_cut_loses_what_was_flushed_with_a_lie()
    {
        Lie.SkipIfMissing();
        await using var disk = await MountAsync();
        await WriteAsync(disk, "flushed", flush: true, lie: true);
        disk.Cut();
        await disk.RestoreAsync();
        Assert.False(IsWhole(disk, "flushed"), "the flush was done: the control would lose nothing");
    }

    private static async Task<CutDisk> MountAsync()
    {
        var (disk, whyNot) = await CutDisk.TryMountAsync(megabytes: 64);
        Assert.SkipWhen(disk is null, $"No power to cut: {whyNot}");
        return disk!;
    }

    /// <summary>By a program that knows of nothing: dd, which flushes when it is asked to.</summary>
    private static async Task WriteAsync(CutDisk disk, string name, bool flush, bool lie)
    {
        string[] words = ["dd", "if=/dev/zero", $"of={Path.Combine(disk.Path, name)}", "bs=10000", "count=1", .. flush ? ["conv=fsync"] : Array.Empty<string>()];
        var (code, _, error) = await Commands.RunAsync("env", lie ? [$"LD_PRELOAD={Lie.Library}", .. words] : words);
        if (code != 0) throw new InvalidOperationException(error);
    }

    private static async Task OverwriteAsync(CutDisk disk, string name)
    {
        await using var file = File.OpenWrite(Path.Combine(disk.Path, name));
        await file.WriteAsync("overwritten"u8.ToArray());
    }

    private static bool IsWhole(CutDisk disk, string name)
    {
        var path = Path.Combine(disk.Path, name);
        return File.Exists(path) && File.ReadAllBytes(path) is { Length: 10_000 } bytes && bytes.All(one => one == 0);
    }

    private static string Name(string what, int number) => $"{what}{number.ToString(CultureInfo.InvariantCulture)}";
}
