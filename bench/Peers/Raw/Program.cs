using Errand.Peers;
using Errand.Peers.Raw;

var plan = Plan.FromEnvironment();
switch (args)
{
    case ["disk", var folder]:
        Disk.Measure(folder);
        return 0;
    case ["sqlite", var folder]:
        SqliteLimits.Measure(folder, plan);
        return 0;
    case ["postgresql", var connection]:
        await using (var limits = new PostgreSqlLimits(connection, plan)) await limits.MeasureAsync();
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: Errand.Peers.Raw disk FOLDER | sqlite FOLDER | postgresql CONNECTION");
        return 2;
}
