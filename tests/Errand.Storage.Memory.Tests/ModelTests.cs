using Errand.Conformance.Storage;

namespace Errand.Storage.Memory.Tests;

/// <summary>The walks must find a store that leaves the way: this one takes a settle from whoever brings it, with an old token too.</summary>
public sealed class CarelessWalks() : ModelSuite(new CarelessFixture())
{
    protected override int Count => 2_500;

    // An old token needs a second claim, by another worker.
    protected override (int Jobs, int Workers, int Claims) Bounds => (1, 2, 2);

    [Fact]
    public override Task The_store_goes_every_way_of_the_model() => FindsAsync(base.The_store_goes_every_way_of_the_model);

    [Fact]
    public override Task The_store_goes_every_way_of_the_model_although_it_crashes() => FindsAsync(base.The_store_goes_every_way_of_the_model_although_it_crashes);

    [Fact]
    public override Task The_store_takes_every_transition_of_the_model_within_bounds() => FindsAsync(base.The_store_takes_every_transition_of_the_model_within_bounds);

    private static async Task FindsAsync(Func<Task> walk)
    {
        var found = await Assert.ThrowsAnyAsync<Exception>(walk);

        Assert.Contains("the settle was taken, but the claim is over", found.Message, StringComparison.Ordinal);
    }

    private sealed class CarelessFixture : StorageFixture
    {
        public override ValueTask<IJobStorage> OpenAsync() => ValueTask.FromResult<IJobStorage>(new CarelessStorage(new MemoryStorage()));

        public override ValueTask<IJobStorage> CrashAsync(IJobStorage storage) =>
            ValueTask.FromResult<IJobStorage>(new CarelessStorage(((CarelessStorage)storage).Inner.Reopen()));
    }

    private sealed class CarelessStorage(MemoryStorage inner) : IJobStorage, IJobQueue
    {
        public MemoryStorage Inner => inner;

        public string Name => inner.Name;

        public IJobStore Jobs => inner.Jobs;

        public IJobQueue Queue => this;

        public ISessionStore Sessions => inner.Sessions;

        public IContentStore Contents => inner.Contents;

        public IUploadStore Uploads => inner.Uploads;

        public IOutputStore Files => inner.Files;

        public IRetentionStore Retention => inner.Retention;

        public ICatalogStore Catalog => inner.Catalog;

        public IScheduleStore Schedules => inner.Schedules;

        public ISecurityStore Security => inner.Security;

        public IStorageSchema Schema => inner.Schema;

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        public ValueTask<ClaimOutcome> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => inner.Queue.ClaimAsync(request, cancellationToken);

        public ValueTask<IReadOnlyList<JobHead>> ListPastDeadlineAsync(DateTimeOffset asOf, int limit, CancellationToken cancellationToken) =>
            inner.Queue.ListPastDeadlineAsync(asOf, limit, cancellationToken);

        public async ValueTask<IReadOnlyList<ChangeOutcome>> SettleAsync(IReadOnlyList<JobChange> changes, CancellationToken cancellationToken)
        {
            var forced = new List<JobChange>();
            foreach (var change in changes)
            {
                var now = (await inner.Jobs.FindAsync(change.Before.Key, JobParts.Status, cancellationToken)).Job!.Head;
                forced.Add(now.Token == change.Before.Token ? change : change with { Before = now, After = change.After with { Version = now.Version + 1, Token = now.Token } });
            }

            return await inner.Queue.SettleAsync(forced, cancellationToken);
        }
    }
}
