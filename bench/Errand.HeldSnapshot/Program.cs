using System.Globalization;
using Errand.HeldSnapshot;
using Errand.Storage.PostgreSql;

if (args is not [var connection, var rate, var before, var held, var after])
{
    await Console.Error.WriteLineAsync("usage: Errand.HeldSnapshot CONNECTION JOBS_PER_SECOND SECONDS_BEFORE SECONDS_HELD SECONDS_AFTER");
    return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

await using var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = connection, Schema = "held" });
await store.Schema.MigrateAsync(TimeProvider.System.GetUtcNow(), default);
using var run = new HeldRun(store, connection, Number(rate));
return await run.RunAsync(Number(before), Number(held), Number(after)) ? 0 : 1;
