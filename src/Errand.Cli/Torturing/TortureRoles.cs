using System.CommandLine;
using Errand.Cli.Serving;
using Errand.Cli.Terminals;
using Errand.Client;
using Errand.Server;
using Errand.Torture.Load;
using Errand.Torture.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Cli.Torturing;

/// <summary>
/// What the processes are that a run starts: <c>errand torture --role node</c> is <c>errand serve</c> with a clock that can be pushed, and <c>--role worker</c> is a
/// remote worker as an app would write it. Nobody else needs them, so no help shows them.
/// </summary>
internal sealed class TortureRoles
{
    private readonly Option<DirectoryInfo?> _data;
    private readonly Option<FileInfo?> _config;
    private readonly Option<string[]> _urls;
    private readonly Option<string?> _role = new("--role");
    private readonly Option<string?> _clock = new("--clock");
    private readonly Option<Uri?> _target = new("--target") { CustomParser = result => new Uri(result.Tokens[0].Value) };

    public TortureRoles(Option<DirectoryInfo?> data, Option<FileInfo?> config, Option<string[]> urls)
    {
        (_data, _config, _urls) = (data, config, urls);
        foreach (var option in Options) option.Hidden = true;
    }

    public IReadOnlyList<Option> Options => [_role, _data, _config, _urls, _clock, _target];

    /// <summary>Plays the role that the command line gives; null when it gives none.</summary>
    public async Task<int?> PlayAsync(ParseResult parse, Terminal terminal, CancellationToken cancellationToken) => parse.GetValue(_role) switch
    {
        "node" => await ServeAsync(parse, terminal, cancellationToken),
        "worker" => await WorkAsync(parse, terminal, cancellationToken),
        _ => null,
    };

    private async Task<int> ServeAsync(ParseResult parse, Terminal terminal, CancellationToken cancellationToken)
    {
        using var clock = new PushedClock(parse.GetRequiredValue(_clock)!);
        var options = new ErrandServerOptions
        {
            DataFolder = ServeOptions.Folder(parse.GetValue(_data)),
            Config = ServeOptions.Load(parse.GetValue(_config), terminal),
            Urls = parse.GetValue(_urls) ?? [],
            LogLevel = LogLevel.Information,
            Configure = errand => errand.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)),
        };
        return await ServerRun.RunAsync(
            options, terminal, (_, address) => terminal.Out.WriteLineAsync($"Listening on {address.GetLeftPart(UriPartial.Authority)}"), cancellationToken);
    }

    private async Task<int> WorkAsync(ParseResult parse, Terminal terminal, CancellationToken cancellationToken)
    {
        using var target = new HttpClient { BaseAddress = parse.GetRequiredValue(_target) };
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddErrandRemote(options =>
        {
            options.BaseAddress = new Uri(parse.GetRequiredValue(_urls)[0]);
            options.Token = terminal.Variable("ERRAND_TOKEN");
        }).AddHandler(new JobType { Name = JobKinds.Remote, Handler = "torture" }, _ => new CallTarget(target)).AddWorker(worker => worker.Slots = 4);
        using var host = builder.Build();
        await host.RunAsync(cancellationToken);
        return ExitCodes.Ok;
    }

    private sealed class CallTarget(HttpClient target) : IJobHandler
    {
        public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "run");
            request.Headers.Add("Errand-Job-Id", context.Head.Id.ToString());
            using var answer = await target.SendAsync(request, cancellationToken);
            return new JobOutcome.Succeeded(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
    }
}
