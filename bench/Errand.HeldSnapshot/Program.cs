using System.Globalization;
using Errand.HeldSnapshot;
using Errand.Storage.PostgreSql;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

if (args is ["retention", var server, var jobs, var bytes])
{
    await new RetentionRun(server, Number(jobs), Number(bytes)).RunAsync();
    return 0;
}

if (args is not [var connection, var rate, var before, var held, var after])
{
    await Console.Error.WriteLineAsync("usage: Errand.HeldSnapshot CONNECTION JOBS_PER_SECOND SECONDS_BEFORE SECONDS_HELD SECONDS_AFTER, or: retention CONNECTION JOBS BYTES");
    return 2;
}

await using var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = connection, Schema = "held" });
await store.Schema.MigrateAsync(TimeProvider.System.GetUtcNow(), default);
using var run = new HeldRun(store, connection, Number(rate));
return await run.RunAsync(Number(before), Number(held), Number(after)) ? 0 : 1;
