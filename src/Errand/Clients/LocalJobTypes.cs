using Errand.Catalog;
using Errand.Storage;

namespace Errand.Clients;

internal sealed class LocalJobTypes(TypeCatalog types, IJobStorage storage, TimeProvider time) : IJobTypes
{
    public async ValueTask<IReadOnlyList<KnownType>> ListAsync(CancellationToken cancellationToken = default)
    {
        await types.ReadAsync(cancellationToken);
        var now = time.GetUtcNow();
        var sessions = (await storage.Sessions.ListAsync(cancellationToken)).Where(session => session.ExpiresAt > now).ToList();
        return types.All.Select(type => new KnownType(type, sessions.Count(session => session.Types.Contains(type.Name)))).ToList();
    }

    public ValueTask<JobType?> FindAsync(string name, CancellationToken cancellationToken = default) => types.FindFreshAsync(name, cancellationToken);
}
