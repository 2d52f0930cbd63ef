using Errand.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Errand.Curves.Nodes;

/// <summary>One node in a process of its own: an app that embeds the engine with a type that does nothing. It runs until its input ends.</summary>
internal static class Node
{
    public const string Type = "bench.noop";

    public static async Task RunAsync(string connection, string schema)
    {
        using var host = Build(connection, schema, work: true);
        await host.StartAsync();
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }

    /// <summary>The host of a node, or of somebody who only submits and counts.</summary>
    public static IHost Build(string connection, string schema, bool work)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var errand = builder.Services.AddErrand(options => options.SlowStart = TimeSpan.Zero).UsePostgreSql(options => (options.ConnectionString, options.Schema) = (connection, schema));
        if (work) errand.AddHandler(new JobType { Name = Type }, _ => new NoOp());
        else builder.Services.AddSingleton<IHandlerCatalog>(new Declared());
        return builder.Build();
    }

    private sealed class NoOp : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) => ValueTask.FromResult<JobOutcome>(JobOutcome.Succeeded.Empty);
    }

    private sealed class Declared : IHandlerCatalog
    {
        public IReadOnlyList<HandlerRegistration> Handlers { get; } = [new HandlerRegistration(new JobType { Name = Type }, Create: null)];
    }
}
