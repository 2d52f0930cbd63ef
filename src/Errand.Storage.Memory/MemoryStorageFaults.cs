namespace Errand.Storage.Memory;

/// <summary>
/// Makes a store in memory slow, full, unavailable or of unknown outcome, verb by verb. A hook that waits makes the store slow; one that
/// throws a <see cref="StorageException"/> makes it fail.
/// </summary>
public sealed class MemoryStorageFaults
{
    /// <summary>Called before each verb. What it throws, the verb throws, with nothing written. Default: none.</summary>
    public Func<StorageVerb, CancellationToken, ValueTask>? Before { get; set; }

    /// <summary>
    /// Called after each verb, when what it wrote is stored. Throw an <see cref="OutcomeUnknownException"/> to lose the answer.
    /// Default: none.
    /// </summary>
    public Func<StorageVerb, ValueTask>? After { get; set; }

    /// <summary>What <see cref="IStorageSchema.CheckAsync"/> answers. Default: healthy.</summary>
    public StorageHealth Health { get; set; } = new(StorageStatus.Healthy, [], 1, AcceptsSubmits: true, new Dictionary<string, long>());
}

/// <summary>The verbs of a store, for <see cref="MemoryStorageFaults"/>.</summary>
public enum StorageVerb
{
    /// <summary><see cref="IJobStore.SubmitAsync"/>.</summary>
    Submit,

    /// <summary><see cref="IJobStore.FindAsync"/>.</summary>
    Find,

    /// <summary><see cref="IJobStore.ListAsync"/>.</summary>
    List,

    /// <summary><see cref="IJobStore.ApplyAsync"/>.</summary>
    Apply,

    /// <summary><see cref="IJobQueue.ClaimAsync"/>.</summary>
    Claim,

    /// <summary><see cref="IJobQueue.SettleAsync"/>.</summary>
    Settle,

    /// <summary><see cref="IJobQueue.ListPastDeadlineAsync"/>.</summary>
    ListPastDeadline,

    /// <summary><see cref="ISessionStore.RecoverAsync"/>.</summary>
    RecoverSessions,

    /// <summary><see cref="ISessionStore.OpenAsync"/>.</summary>
    OpenSession,

    /// <summary><see cref="ISessionStore.BeatAsync"/>.</summary>
    Beat,

    /// <summary><see cref="ISessionStore.CloseAsync"/>.</summary>
    CloseSession,

    /// <summary><see cref="ISessionStore.ListAsync"/>.</summary>
    ListSessions,

    /// <summary><see cref="ISessionStore.ListOrphansAsync"/>.</summary>
    ListOrphans,

    /// <summary><see cref="IContentStore.SaveProgressAsync"/>.</summary>
    SaveProgress,

    /// <summary><see cref="IContentStore.AppendMessagesAsync"/>.</summary>
    AppendMessages,

    /// <summary><see cref="IContentStore.WriteItemsAsync"/>.</summary>
    WriteItems,

    /// <summary><see cref="IContentStore.AddOutputAsync"/>.</summary>
    AddOutput,

    /// <summary>The reads of <see cref="IContentStore"/>.</summary>
    ReadContents,

    /// <summary><see cref="IUploadStore.AddAsync"/>.</summary>
    AddUpload,

    /// <summary><see cref="IUploadStore.FindAsync"/>.</summary>
    FindUpload,

    /// <summary><see cref="IOutputStore.StageAsync"/>.</summary>
    StageFile,

    /// <summary><see cref="StagedFile.PublishAsync"/>.</summary>
    PublishFile,

    /// <summary><see cref="IOutputStore.OpenAsync"/>.</summary>
    OpenFile,

    /// <summary><see cref="IOutputStore.DeleteAsync"/>.</summary>
    DeleteFiles,

    /// <summary><see cref="IOutputStore.SweepAsync"/>.</summary>
    SweepFiles,

    /// <summary><see cref="IRetentionStore.PurgeExpiredAsync"/>.</summary>
    PurgeExpired,

    /// <summary><see cref="IRetentionStore.PurgeAsync"/>.</summary>
    Purge,

    /// <summary><see cref="IRetentionStore.ForgetAsync"/>.</summary>
    Forget,

    /// <summary>The verbs of <see cref="ICatalogStore"/>.</summary>
    Catalog,

    /// <summary>The verbs of <see cref="IScheduleStore"/>.</summary>
    Schedules,

    /// <summary>The verbs of <see cref="ISecurityStore"/>.</summary>
    Security,

    /// <summary><see cref="IStorageSchema.MigrateAsync"/>.</summary>
    Migrate,

    /// <summary><see cref="IStorageSchema.CheckAsync"/>.</summary>
    Check,

    /// <summary><see cref="ISessionStore.ListClaimedAsync"/>.</summary>
    ListClaimed,
}
