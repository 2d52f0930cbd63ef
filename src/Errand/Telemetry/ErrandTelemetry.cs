namespace Errand;

/// <summary>The names that Errand's telemetry goes by. Job ids and tenants are attributes of spans, never of metrics.</summary>
public static class ErrandTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Errand";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Errand";

    /// <summary>Counter, {message}: jobs accepted.</summary>
    public const string SentMessages = "messaging.client.sent.messages";

    /// <summary>Counter, {message}: jobs claimed by workers.</summary>
    public const string ConsumedMessages = "messaging.client.consumed.messages";

    /// <summary>Histogram, s: how long a submit, claim or settle took, the wait for the disk included.</summary>
    public const string OperationDuration = "messaging.client.operation.duration";

    /// <summary>Histogram, s: from the due time of a job to its claim.</summary>
    public const string QueueWaitDuration = "errand.queue.wait.duration";

    /// <summary>Gauge, {job}: jobs that wait in a queue, the scheduled ones included.</summary>
    public const string QueueDepth = "errand.queue.depth";

    /// <summary>Gauge, s: how long the job that waits longest has been due.</summary>
    public const string QueueOldestAge = "errand.queue.oldest_age";

    /// <summary>UpDownCounter, {job}: jobs that are claimed through this node.</summary>
    public const string JobActive = "errand.job.active";

    /// <summary>Counter, {job}: attempts that failed and are retried.</summary>
    public const string JobRetries = "errand.job.retries";

    /// <summary>Counter, {job}: jobs that ended, by type and status.</summary>
    public const string JobFinished = "errand.job.finished";

    /// <summary>Counter, {job}: claims that were lost with their worker.</summary>
    public const string LeaseLost = "errand.lease.lost";

    /// <summary>Gauge, {job}: waiting jobs of types that no living worker runs, by queue and type.</summary>
    public const string QueueUnclaimable = "errand.queue.unclaimable";

    /// <summary>Gauge, {job}: jobs on their way to the disk; at most <c>ErrandOptions.OutstandingSubmits</c>.</summary>
    public const string SubmitOutstanding = "errand.submit.outstanding";

    /// <summary>Gauge, By: bytes of jobs on their way to the disk; at most <c>ErrandOptions.OutstandingSubmitBytes</c>.</summary>
    public const string SubmitOutstandingSize = "errand.submit.outstanding.size";

    /// <summary>Gauge, {request}: submits that wait because those bounds are reached; refused after a second.</summary>
    public const string SubmitWaiting = "errand.submit.waiting";

    /// <summary>Gauge, By: the store's write-ahead log.</summary>
    public const string StoreWalSize = "errand.store.wal.size";

    /// <summary>Gauge, By: what is free on the store's disk.</summary>
    public const string StoreDiskFree = "errand.store.disk.free";

    /// <summary>Counter, {file}: files that no row named and that were removed.</summary>
    public const string FileOrphans = "errand.file.orphans";

    /// <summary>Gauge, s: how long ago everything that was over had been removed.</summary>
    public const string RetentionLag = "errand.retention.lag";

    /// <summary>Gauge, s: how far the wall clock has moved against the monotonic one since the start.</summary>
    public const string ClockSkew = "errand.clock.skew";

    /// <summary>Gauge: always 1; version, runtime and store are its attributes.</summary>
    public const string BuildInfo = "errand.build.info";

    /// <summary>Attribute: <c>errand</c>.</summary>
    public const string MessagingSystem = "messaging.system";

    /// <summary>Attribute: the queue.</summary>
    public const string DestinationName = "messaging.destination.name";

    /// <summary>Attribute: <c>send</c>, <c>receive</c> or <c>settle</c>.</summary>
    public const string OperationName = "messaging.operation.name";

    /// <summary>Attribute: the semantic class of the operation.</summary>
    public const string OperationType = "messaging.operation.type";

    /// <summary>Attribute of spans: the job's id.</summary>
    public const string MessageId = "messaging.message.id";

    /// <summary>Attribute of spans: the caller's correlation id.</summary>
    public const string ConversationId = "messaging.message.conversation_id";

    /// <summary>Attribute: the type of the job.</summary>
    public const string JobType = "errand.job.type";

    /// <summary>Attribute: the status that the job ended with.</summary>
    public const string JobStatus = "errand.job.status";

    /// <summary>Attribute of spans: the name of the problem or exception, only on failure.</summary>
    public const string ErrorType = "error.type";
}
