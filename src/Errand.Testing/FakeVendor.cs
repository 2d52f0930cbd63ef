using System.Collections.Concurrent;
using System.Globalization;
using Errand.Testing.Stage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Errand.Testing;

/// <summary>
/// A stand-in for a vendor, in this process, on a loopback port of its own: it speaks the vendor's wire as Errand does, begins jobs, remembers them, and takes them through the courses that
/// scripts give them. Its jobs lie in memory and end with it. What is known to differ from the vendor is listed in docs/testing/fake-vendors.md.
/// </summary>
/// <example>
/// <code>
/// await using var zendesk = await FakeVendor.StartZendeskAsync();
/// zendesk.Script("after 2 polls complete, items 35436 fail TicketUpdateFailed 'Ticket is closed'");
/// var client = new MyZendeskClient(zendesk.BaseAddress, zendesk.Credentials.Email, zendesk.Credentials.Token);
/// </code>
/// </example>
public sealed class FakeVendor : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Play play;
    private readonly ConcurrentQueue<VendorRequest> requests;

    private FakeVendor(WebApplication app, string vendor, ConcurrentQueue<VendorRequest> requests)
    {
        (this.app, this.requests) = (app, requests);
        play = app.Services.GetRequiredService<Plays>().Find(vendor)!;
        Credentials = app.Services.GetRequiredService<VendorCredentials>();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        BaseAddress = vendor == VendorNames.Alteryx ? new Uri(address, "/webapi/") : address;
    }

    /// <summary>Which one it is, see <see cref="VendorNames"/>.</summary>
    public string Name => play.Vendor;

    /// <summary>The address for the vendor's client: of Zendesk what stands before <c>/api/v2</c>, of Workiva the root, of Alteryx the Web API's address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What it lets in.</summary>
    public VendorCredentials Credentials { get; }

    /// <summary>Scripts that wait for a job, the next one first.</summary>
    public IReadOnlyList<VendorScript> Scripts => play.Scripts.Waiting;

    /// <summary>Every request so far, in the order of their answers.</summary>
    public IReadOnlyList<VendorRequest> Requests => [.. requests];

    /// <summary>Starts a stand-in for Zendesk.</summary>
    public static Task<FakeVendor> StartZendeskAsync(FakeVendorOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(VendorNames.Zendesk, options, cancellationToken);

    /// <summary>Starts a stand-in for Workiva.</summary>
    public static Task<FakeVendor> StartWorkivaAsync(FakeVendorOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(VendorNames.Workiva, options, cancellationToken);

    /// <summary>Starts a stand-in for Alteryx Server.</summary>
    public static Task<FakeVendor> StartAlteryxAsync(FakeVendorOptions? options = null, CancellationToken cancellationToken = default) =>
        StartAsync(VendorNames.Alteryx, options, cancellationToken);

    /// <summary>Starts a stand-in by its name.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static async Task<FakeVendor> StartAsync(string vendor, FakeVendorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var made = options ?? new FakeVendorOptions();
        var noted = new ConcurrentQueue<VendorRequest>();
        var server = Build(vendor, made, noted);
        try
        {
            await server.StartAsync(cancellationToken);
            await server.Services.PrepareFakeVendorsAsync(cancellationToken);
            return new FakeVendor(server, vendor, noted);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets the course of the next job that no script waits for yet.</summary>
    /// <exception cref="FormatException">The script says something that cannot be.</exception>
    public void Script(VendorScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        play.Scripts.Add(script.Checked());
    }

    /// <summary>The same with words: <c>after 2 polls complete, items 35436 fail TicketUpdateFailed</c>; see <see cref="VendorScript.Parse(string)"/>.</summary>
    /// <exception cref="FormatException">A clause is unknown or wrong; the message names it.</exception>
    public void Script(string script) => Script(VendorScript.Parse(script));

    /// <summary>The same from the default on: <c>Script(job =&gt; job.AfterPolls(2).Fail("Broken", "It broke."))</c>.</summary>
    public void Script(Func<VendorScript, VendorScript> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Script(change(VendorScript.Default));
    }

    /// <summary>Forgets the scripts that wait; jobs that were begun keep theirs. Returns how many there were.</summary>
    public int ClearScripts() => play.Scripts.Clear();

    /// <summary>A client with the bearer token that is aimed here. Dispose it.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = BaseAddress, DefaultRequestHeaders = { Authorization = Credentials.Bearer } };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(string vendor, FakeVendorOptions options, ConcurrentQueue<VendorRequest> noted)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "errand-testing" });
        builder.WebHost.UseKestrelCore().UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Port}"));
        builder.Services.AddRouting().AddSingleton(options.Time);
        builder.Services.AddErrand(engine => engine.Start = true).UseMemory().AddErrandApi().AddErrandOAuth().AddFakeVendors([vendor], options);
        var server = builder.Build();
        server.Use((http, next) => NoteAsync(http, next, options.Time, noted));
        server.MapErrandOAuth();
        server.MapFakeVendors();
        return server;
    }

    private static async Task NoteAsync(HttpContext http, RequestDelegate next, TimeProvider time, ConcurrentQueue<VendorRequest> noted)
    {
        var (at, path) = (time.GetUtcNow(), $"{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}");
        var isNoted = false;
        http.Response.OnStarting(() =>
        {
            Note(http.Response.StatusCode);
            return Task.CompletedTask;
        });
        await next(http);
        if (http.RequestAborted.IsCancellationRequested && !isNoted) Note(0);

        // Before the first byte goes: whoever reads an answer finds it noted.
        void Note(int status)
        {
            isNoted = true;
            noted.Enqueue(new VendorRequest(at, http.Request.Method, path, status));
        }
    }
}
