using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>What the routes work with. One for the process.</summary>
internal sealed class ErrandApi : IDisposable
{
    private readonly IHostApplicationLifetime lifetime;
    private ApiUrlSource? urls;

    public ErrandApi(
        IJobClients clients, IJobTypes types, IJobQueues queues, IErrandHealth health, IJobSource source, IHeldClaims held, IJobStorage storage, AccessTokens tokens,
        IEnumerable<ICredentialReader> readers, TimeProvider time, IOptions<ErrandApiOptions> options, ILogger<ErrandApi> logger, IHostApplicationLifetime lifetime)
    {
        if (options.Value.Mistakes().ToList() is { Count: > 0 } mistakes) throw new OptionsValidationException("", typeof(ErrandApiOptions), mistakes);
        this.lifetime = lifetime;
        (Clients, Types, Queues, Health, Storage, Tokens, Time, Options, Logger) = (clients, types, queues, health, storage, tokens, time, options.Value, logger);
        Callers = new Callers(tokens, readers, Options);
        Tickets = new EventTickets(time);
        Streams = new StreamKeeper(tokens, time);
        Rates = new RateLimits(Options, time);
        Problems = new ProblemWriter(Options);
        Kept = new KeptAnswers(time);
        Sealer = new Sealer(storage);
        Sessions = new RemoteSessions(source, held, Sealer, time);
    }

    public IJobClients Clients { get; }

    public IJobTypes Types { get; }

    public IJobQueues Queues { get; }

    public IErrandHealth Health { get; }

    public IJobStorage Storage { get; }

    public AccessTokens Tokens { get; }

    public Callers Callers { get; }

    public TimeProvider Time { get; }

    public ErrandApiOptions Options { get; }

    public ILogger Logger { get; }

    public EventTickets Tickets { get; }

    public StreamKeeper Streams { get; }

    public RateLimits Rates { get; }

    public CallerLimits Limits { get; } = new();

    public ProblemWriter Problems { get; }

    public Sealer Sealer { get; }

    public RemoteSessions Sessions { get; }

    public WrittenAnswers Written { get; } = new();

    public WrittenEvents Events { get; } = new();

    public KeptAnswers Kept { get; }

    public DialectMounts Mounts { get; } = new();

    /// <summary>Where the native API lies, once it is mapped.</summary>
    public string Prefix => Urls.Prefix;

    /// <summary>The URLs of the mount that jobs of endpoints are answered with: the first one.</summary>
    public ApiUrlSource Urls => urls ??= new ApiUrlSource("/v1", Options);

    /// <summary>Where it was mapped.</summary>
    public HashSet<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> Roots { get; } = [];

    /// <summary>Makes a mount known.</summary>
    public void AddMount(ApiUrlSource mount) => urls ??= mount;

    public void Dispose() => Streams.Dispose();

    /// <summary>Raised when the host begins to stop: what waits is answered, what streams ends.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;
}
