using Errand;
using Errand.Peers;
using Microsoft.Extensions.DependencyInjection;

Action<IErrandBuilder> store = args switch
{
    ["sqlite", var folder] => errand => errand.UseSqlite(folder),
    ["postgresql", var connection] => errand => errand.UsePostgreSql(connection),
    _ => throw new InvalidOperationException("usage: Errand.Peers.Errand sqlite FOLDER | postgresql CONNECTION"),
};
await Workloads.RunAsync(new ErrandContender(store));
