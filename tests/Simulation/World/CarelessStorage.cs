using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Simulation.Tests.World;

/// <summary>A store that breaks one promise: the simulation must notice.</summary>
internal sealed class CarelessStorage(IJobStorage inner) : IJobStorage
{
    public string Name => inner.Name;

    public IJobStore Jobs { get; init; } = inner.Jobs;

    public IJobQueue Queue { get; init; } = inner.Queue;

    public ISessionStore Sessions => inner.Sessions;

    public IContentStore Contents { get; init; } = inner.Contents;

    public IUploadStore Uploads => inner.Uploads;

    public IOutputStore Files => inner.Files;

    public IRetentionStore Retention { get; init; } = inner.Retention;

    public ICatalogStore Catalog => inner.Catalog;

    public IScheduleStore Schedules => inner.Schedules;

    public ISecurityStore Security => inner.Security;

    public IStorageSchema Schema => inner.Schema;

    /// <summary>Takes whatever a worker reports, whoever owns the job now.</summary>
    public static IJobStorage WithoutFencing(IJobStorage inner) => new CarelessStorage(inner) { Contents = new UnfencedContents(inner) };

    /// <summary>Writes every settle, whatever the job has become since it was decided.</summary>
    public static IJobStorage WithoutVersions(IJobStorage inner) => new CarelessStorage(inner) { Queue = new UnversionedQueue(inner) };

    /// <summary>Acknowledges a submit now and then that it never stored.</summary>
    public static IJobStorage WithoutDurability(IJobStorage inner) => new CarelessStorage(inner) { Jobs = new ForgetfulJobs(inner) };

    /// <summary>Says that an output is there, and does not name it.</summary>
    public static IJobStorage WithoutOutputs(IJobStorage inner) => new CarelessStorage(inner) { Contents = new ForgetfulContents(inner.Contents) };

    /// <summary>Removes what lives along with what has expired.</summary>
    public static IJobStorage WithoutMercy(IJobStorage inner) => new CarelessStorage(inner) { Retention = new GreedyRetention(inner.Retention, TablesOf(inner)) };

    /// <summary>Changes a job now and then without counting it anew.</summary>
    public static IJobStorage WithoutCounts(IJobStorage inner) => new CarelessStorage(inner) { Jobs = new UncountedJobs(inner.Jobs, TablesOf(inner)) };

    /// <summary>Gives a job away that somebody holds.</summary>
    public static IJobStorage WithoutLeases(IJobStorage inner) => new CarelessStorage(inner) { Queue = new GenerousQueue(inner.Queue, TablesOf(inner)) };

    /// <summary>Lets a job that has ended be written again.</summary>
    public static IJobStorage WithoutEnds(IJobStorage inner) => new CarelessStorage(inner) { Queue = new RevivingQueue(inner.Queue, TablesOf(inner)) };

    private static MemoryDatabase TablesOf(IJobStorage inner) => (inner as MemoryStorage ?? ((SharedStorage)inner).Memory).Database;

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
