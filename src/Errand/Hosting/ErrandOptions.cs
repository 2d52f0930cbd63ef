namespace Errand;

/// <summary>What can be set for the engine. Every mistake is reported at once when the host starts.</summary>
public sealed class ErrandOptions
{
    /// <summary>
    /// Whether this host opens the store and runs jobs. Default: null, which means yes, unless a tool started the host to read its
    /// OpenAPI document or its <c>DbContext</c>, or a test did (<c>WebApplicationFactory</c>): then Errand stands by, and requests are
    /// answered 503 with this setting's name. Key: <c>Errand:Start</c>.
    /// </summary>
    public bool? Start { get; set; }

    /// <summary>Without a beat for this long a worker session is over and its jobs go back. Default: 5 seconds.</summary>
    /// <value>1 second to 10 minutes, and at least three times <see cref="BeatEvery"/>.</value>
    public TimeSpan SessionTerm { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a worker session beats. Default: 1 second.</summary>
    /// <value>100 milliseconds to 1 minute.</value>
    public TimeSpan BeatEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many submitted jobs may wait for the disk at once; past that, submits wait a second and are refused. Default: 10,000.
    /// </summary>
    /// <value>1 to 1,000,000.</value>
    public int OutstandingSubmits { get; set; } = 10_000;

    /// <summary>How many bytes of submitted jobs may wait for the disk at once. Default: 64 MiB.</summary>
    /// <value>1 MiB to 16 GiB.</value>
    public long OutstandingSubmitBytes { get; set; } = 64L << 20;

    /// <summary>How many bytes of published outputs a tenant may keep; publishing more fails the attempt. Default: no limit.</summary>
    /// <value>More than 0, or null.</value>
    public long? OutputQuotaPerTenant { get; set; }

    /// <summary>
    /// Within this time after a worker session opens, a queue is resumed or the store is back after an outage, the slots of a worker are put to
    /// use step by step, so that a backlog does not fall on what the handlers call all at once. Each job that succeeds opens one more slot;
    /// after this time all are open. Zero: all at once. Default: 10 seconds.
    /// </summary>
    /// <value>0 to 10 minutes.</value>
    public TimeSpan SlowStart { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The part of a worker's slots that is open when <see cref="SlowStart"/> begins; at least four slots. Default: 0.25.</summary>
    /// <value>More than 0, at most 1.</value>
    public double SlowStartFrom { get; set; } = 0.25;
}
