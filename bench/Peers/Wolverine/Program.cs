using Errand.Peers;
using Errand.Peers.WolverineHost;

if (args is not [var connection])
{
    await Console.Error.WriteLineAsync("usage: Errand.Peers.Wolverine CONNECTION");
    return 2;
}

await using var contender = new WolverineContender(connection);
await Workloads.RunAsync(contender);
return 0;
