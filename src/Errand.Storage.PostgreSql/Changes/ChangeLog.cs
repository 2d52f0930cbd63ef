namespace Errand.Storage.PostgreSql;

internal sealed class ChangeLog(Database database, TimeProvider time) : IChangeLog
{
    public IChangeReader Follow(string tenant, DateTimeOffset since) => new ChangeReader(database, tenant, since, time);
}
