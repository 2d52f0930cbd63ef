using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Simulation.Tests.World;

/// <summary>A store as nodes share it: whoever starts there ends nobody's sessions, for they may be those of another node.</summary>
internal sealed class SharedStorage(MemoryStorage inner) : IJobStorage
{
    public MemoryStorage Memory => inner;

    public string Name => inner.Name;

    public IJobStore Jobs => inner.Jobs;

    public IJobQueue Queue => inner.Queue;

    public ISessionStore Sessions { get; } = new SharedSessions(inner.Sessions);

    public IContentStore Contents => inner.Contents;

    public IUploadStore Uploads => inner.Uploads;

    public IOutputStore Files => inner.Files;

    public IRetentionStore Retention => inner.Retention;

    public ICatalogStore Catalog => inner.Catalog;

    public IScheduleStore Schedules => inner.Schedules;

    public ISecurityStore Security => inner.Security;

    public IStorageSchema Schema => inner.Schema;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class SharedSessions(ISessionStore inner) : ISessionStore
    {
        public ValueTask RecoverAsync(DateTimeOffset asOf, DateTimeOffset remoteUntil, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask OpenAsync(WorkerSession session, CancellationToken cancellationToken) => inner.OpenAsync(session, cancellationToken);

        public ValueTask<SessionBeat> BeatAsync(SessionId session, DateTimeOffset asOf, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
            inner.BeatAsync(session, asOf, expiresAt, cancellationToken);

        public ValueTask CloseAsync(SessionId session, CancellationToken cancellationToken) => inner.CloseAsync(session, cancellationToken);

        public ValueTask<IReadOnlyList<JobHead>> ListClaimedAsync(SessionId session, CancellationToken cancellationToken) => inner.ListClaimedAsync(session, cancellationToken);

        public ValueTask<IReadOnlyList<WorkerSession>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

        public ValueTask<IReadOnlyList<Orphan>> ListOrphansAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
            inner.ListOrphansAsync(asOf, limit, cancellationToken);
    }
}
