using Errand.Peers;
using Errand.Peers.QuartzNet;

if (args is not [var connection])
{
    await Console.Error.WriteLineAsync("usage: Errand.Peers.Quartz CONNECTION");
    return 2;
}

await using var contender = new QuartzContender(connection);
await Workloads.RunAsync(contender);
return 0;
