using Microsoft.Data.Sqlite;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>
/// What this executable does when <see cref="KilledTransactionTests"/> starts it a second time: commits rows of the app's with jobs, rolls others back, takes over what was committed – until it is
/// killed. It prints each id after the app's commit has returned.
/// </summary>
internal static class KilledTransactions
{
    public const string Argument = "commit-until-killed";

    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string folder)
    {
        await using var storage = new SqliteStorage(new SqliteStorageOptions { DataFolder = Path.Combine(folder, "data") });
        await storage.Schema.MigrateAsync(Noon, default);
        var bench = await Workbench.OpenAsync(storage, Noon);
        await Task.WhenAll(Task.Run(() => CommitAsync(storage, bench, folder)), Task.Run(() => TakeOverForeverAsync(storage)));
    }

    /// <summary>What the engine does with committed jobs.</summary>
    public static async Task TakeOverAsync(SqliteStorage storage)
    {
        var enlisted = await storage.ListEnlistedAsync(50, default);
        if (enlisted.Count == 0) return;
        await storage.Jobs.SubmitAsync(new JobBatch([.. enlisted.Select(one => one.Job)], Atomic: false, Idempotency: null, Noon), default);
        await storage.RemoveEnlistedAsync(enlisted, default);
    }

    private static async Task TakeOverForeverAsync(SqliteStorage storage)
    {
        while (true) await TakeOverAsync(storage);
    }

    private static async Task CommitAsync(SqliteStorage storage, Workbench bench, string folder)
    {
        await using var app = new SqliteConnection($"Data Source={Path.Combine(folder, "app.db")}");
        await app.OpenAsync();
        await RunAsync(app, null, "PRAGMA journal_mode = WAL");
        await RunAsync(app, null, "CREATE TABLE IF NOT EXISTS orders (job TEXT PRIMARY KEY)");
        for (var i = 0; ; i++)
        {
            var job = bench.Job(inputBytes: 300);
            await using var transaction = app.BeginTransaction();
            await RunAsync(app, transaction, $"INSERT INTO orders VALUES ('{job.Head.Id}')");
            await storage.EnlistAsync(new JobBatch([job], Atomic: true, Idempotency: null, Noon), transaction, default);
            if (i % 3 == 2)
            {
                await transaction.RollbackAsync();
                continue;
            }

            await transaction.CommitAsync();
            Console.Out.Write($"+{job.Head.Id}\n");
            await Console.Out.FlushAsync();
        }
    }

    private static async Task RunAsync(SqliteConnection app, SqliteTransaction? transaction, string text)
    {
        await using var command = app.CreateCommand();
        (command.CommandText, command.Transaction) = (text, transaction);
        await command.ExecuteNonQueryAsync();
    }
}
