using Errand.Storage;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Errand.Micro;

/// <summary>The engine without a worker: what claims and settles is the benchmark itself.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private const string NoOp = "bench.noop";
    private static readonly ReadOnlyMemory<byte> Input = System.Text.Encoding.UTF8.GetBytes($"\"{new string('x', 198)}\"");

    private readonly IHost _host;
    private readonly string _folder;

    private Engine(IHost host, string folder) => (_host, _folder) = (host, folder);

    public IJobClient Client => _host.Services.GetRequiredService<IJobClients>().For(JobCaller.System());

    public IJobSource Source => _host.Services.GetRequiredService<IJobSource>();

    public static async Task<Engine> StartAsync(bool sqlite)
    {
        var folder = Directory.CreateTempSubdirectory("errand-bench-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHandlerCatalog, Types>();
        var errand = builder.Services.AddErrand(options => (options.SlowStart, options.SessionTerm) = (TimeSpan.Zero, TimeSpan.FromMinutes(10)));
        _ = sqlite ? errand.UseSqlite(folder) : errand.UseMemory();
        var engine = new Engine(builder.Build(), folder);
        await engine._host.StartAsync();
        return engine;
    }

    public static JobSubmission New() => new() { Type = NoOp, Input = Input };

    public async Task SubmitAsync(int jobs) => await Client.SubmitManyAsync([.. Enumerable.Range(0, jobs).Select(_ => New())], atomic: true);

    public async Task<SessionId> OpenSessionAsync(int slots) =>
        (await Source.OpenAsync(new SessionRequest("bench", [NoOp], [], slots), new Deaf(), CancellationToken.None)).Id;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Types : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } = [new(new JobType { Name = NoOp }, null)];
    }

    private sealed class Deaf : ISessionListener
    {
        public void OnCancel(JobTicket ticket)
        {
            // Nobody cancels a job of a benchmark.
        }
    }
}
