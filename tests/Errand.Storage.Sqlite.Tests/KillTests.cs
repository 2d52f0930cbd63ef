using System.Diagnostics;
using System.Globalization;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>A process that is killed while it submits, claims and settles: what it had acknowledged is there afterwards.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 5;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed()
    {
        var (submitted, settled) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var kill = 0; kill < Kills; kill++) await RunAndKillAsync(lines: 150 + (kill * 97), submitted, settled);

        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = _folder.Path });
        await storage.Schema.MigrateAsync(Noon, default);
        foreach (var id in submitted) Assert.True(await StateOfAsync(storage, id) is not null, $"job {id} was acknowledged and is gone");
        foreach (var id in settled) Assert.True(await StateOfAsync(storage, id) is JobState.Succeeded, $"job {id} was settled and is not");
        await CountsMatchRowsAsync(storage);
        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {submitted.Count} jobs acknowledged, {settled.Count} settled, 0 lost");
    }

    private async Task RunAndKillAsync(int lines, HashSet<string> submitted, HashSet<string> settled)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(KillTests).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(program, [KilledProcess.Argument, _folder.Path])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        for (var i = 0; i < lines && await process.StandardOutput.ReadLineAsync() is { } line; i++) Note(line);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line) Note(line);
        await process.WaitForExitAsync();

        // A line that the kill cut off acknowledges nothing.
        void Note(string line)
        {
            if (line.Length == 33) (line[0] == '+' ? submitted : settled).Add(line[1..]);
        }
    }

    private static async Task<JobState?> StateOfAsync(SqliteStorage storage, string id) =>
        (await storage.Jobs.FindAsync(new JobKey("default", JobId.Parse(id)), JobParts.Status, default)).Job?.Head.State;

    private async Task CountsMatchRowsAsync(SqliteStorage storage)
    {
        using var db = Connection.Open(Path.Combine(_folder.Path, "errand.db"), readOnly: true, "");
        foreach (var count in await storage.Catalog.CountAsync("default", default))
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM jobs WHERE state = {(int)count.State}");
            var rows = db.ReadNumber(text);
            Assert.Equal(rows, count.Jobs);
        }
    }
}
