using System.Text;
using Errand.AspNetCore;
using Errand.Dialects.Alteryx;
using Errand.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Dialects.Tests.Scenarios;

/// <summary>One server with the native API and all four vendors on one port, and one type of job that each of them begins.</summary>
public sealed class ScenarioServer : IAsyncDisposable
{
    public const string Type = "rows.update";
    public const string WorkflowId = "67c41e559be2d1000043a6c0";

    /// <summary>A caller who may ask twice a minute.</summary>
    public const string Hasty = "hasty";

    private const string Cells = "PUT /spreadsheets/v1/async/spreadsheets/{spreadsheetId}/sheets/{sheetId}/data/{region}";
    private readonly DialectServer server;

    private ScenarioServer(DialectServer server) => this.server = server;

    public Transcript Transcript => server.Transcript;

    public DialectServer Wires => server;

    public static async Task<ScenarioServer> StartAsync(Wire wire)
    {
        var wires = await StartAsync();
        wires.Transcript.SpreadsRetryAfter = wire.SpreadsRetryAfter;
        return new ScenarioServer(wires);
    }

    public async Task<HttpClient> CallerAsync(IReadOnlyList<string> scopes, string subject = "ada", string tenant = "acme") =>
        server.Bearer(await server.TokenAsync(subject, tenant, scopes));

    /// <summary>A client with the same credentials that is not written down.</summary>
    public HttpClient Unwritten(HttpClient caller) => new() { BaseAddress = server.Address, DefaultRequestHeaders = { Authorization = caller.DefaultRequestHeaders.Authorization } };

    /// <summary>Every job of ada's tenant.</summary>
    public async Task<int> CountAsync() => (await server.JobsOf("ada").ListAsync(JobFilter.All)).Jobs.Count;

    /// <summary>Works on the next job: two rows, a file, a result.</summary>
    public async Task SucceedAsync(ClaimedJob job)
    {
        await server.Hand.ItemsAsync(job, Row(0, "380"), Row(1, "90"));
        await server.Hand.PublishAsync(job, "67c41f119be2d1000043a801", "rows.csv", "row\n380\n90\n", ("csv", "text/csv"));
        await server.Hand.SucceedAsync(job, """{"rows":2}""");
    }

    /// <summary>Works on the next job: one row well, one not, and then it gives up.</summary>
    public async Task FailAsync(ClaimedJob job)
    {
        await server.Hand.ItemsAsync(job, Row(0, "380"), new JobItem { Index = 1, Key = "90", Status = JobItemStatus.Failed, Error = new JobError("RowLocked", "Row 90 is locked.") });
        await server.Hand.FailAsync(job, "too_many_locked", "Half of the rows are locked.");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static JobItem Row(int index, string key) => new() { Index = index, Key = key, Result = Encoding.UTF8.GetBytes($$"""{"id":{{key}},"kind":"Row"}""") };

    private static Task<DialectServer> StartAsync() => DialectServer.StartAsync(new DialectServer
    {
        Options = api =>
        {
            foreach (var wire in (string[])[RateLimitPolicy.NativeWire, "workiva", "zendesk", "alteryx"])
                api.RateLimits.Add(new RateLimitPolicy("few", 2, TimeSpan.FromMinutes(1)) { Wire = wire, Subjects = [Hasty] });
        },
        Configure = errand =>
        {
            errand.AddZendesk(options => options.Starters["tickets/update_many"] = Type);
            errand.AddWorkiva(options => (options.Starters[Cells], options.Starters["POST /files/{fileId}/copy"]) = (Type, Type));
            errand.AddAlteryx(new AlteryxOptions { Workflows = new Dictionary<string, AlteryxWorkflow> { [Type] = new() { WorkflowId = WorkflowId, Name = "Update rows" } } });
            errand.Services.AddSingleton<IHandlerCatalog>(new Accepts(Type));
        },
        Map = app =>
        {
            app.MapErrand();
            app.MapErrandZendesk();
            app.MapErrandWorkiva();
            app.MapErrandAlteryx();
        },
    });
}
