using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>A process that is killed between any two steps of a transaction of the app: afterwards each row has its job, and each job its row.</summary>
public sealed class KilledTransactionTests : IDisposable
{
    private const int Kills = 3;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_and_jobs_are_the_same_after_every_kill()
    {
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAndKillAsync(lines: 40 + (kill * 13), acknowledged);
            await CompareAsync(acknowledged);
        }

        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {acknowledged.Count} commits acknowledged, each with its job");
    }

    private async Task CompareAsync(HashSet<string> acknowledged)
    {
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = Path.Combine(_folder.Path, "data") });
        await storage.Schema.MigrateAsync(Noon, default);
        while ((await storage.ListEnlistedAsync(1, default)).Count > 0) await KilledTransactions.TakeOverAsync(storage);

        var rows = Read(Path.Combine(_folder.Path, "app.db"), "SELECT job FROM orders");
        var jobs = Read(Path.Combine(_folder.Path, "data", "errand.db"), "SELECT lower(hex(id)) FROM jobs");
        Assert.Equal(rows.Order(StringComparer.Ordinal), jobs.Order(StringComparer.Ordinal));
        Assert.Subset(rows.ToHashSet(StringComparer.Ordinal), acknowledged);
    }

    private async Task RunAndKillAsync(int lines, HashSet<string> acknowledged)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(KilledTransactionTests).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(program, [KilledTransactions.Argument, _folder.Path]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        for (var i = 0; i < lines && await process.StandardOutput.ReadLineAsync() is { } line; i++) Note(line);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line) Note(line);
        await process.WaitForExitAsync();

        // A line that the kill cut off acknowledges nothing.
        void Note(string line)
        {
            if (line.Length == 33) acknowledged.Add(line[1..]);
        }
    }

    private static List<string> Read(string file, string query)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        List<string> found = [];
        while (reader.Read()) found.Add(reader.GetString(0));
        return found;
    }
}
