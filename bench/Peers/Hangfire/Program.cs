using Errand.Peers;
using Errand.Peers.HangfireServer;

if (args is not [var connection])
{
    await Console.Error.WriteLineAsync("usage: Errand.Peers.Hangfire CONNECTION");
    return 2;
}

await using var contender = new HangfireContender(connection);
await Workloads.RunAsync(contender);
return 0;
