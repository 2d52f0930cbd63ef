using Errand;
using Errand.AspNetCore;
using Errand.Storage;
using Errand.Testing;
using Errand.Testing.Management;
using Errand.Testing.Seeds;
using Errand.Testing.Stage;
using Errand.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds stand-ins for vendors to an app with Errand. <see cref="FakeVendor"/> does it all for a test.</summary>
public static class FakeVendorBuilderExtensions
{
    /// <summary>Adds the wires of vendors with every call that begins jobs, and scripts that move those jobs. Map them with <see cref="MapFakeVendors"/>.</summary>
    /// <param name="errand">What <c>AddErrand()</c> returned; with a store and <c>AddErrandApi()</c>.</param>
    /// <param name="vendors">See <see cref="VendorNames"/>.</param>
    /// <param name="options">How they behave; port and clock are the app's own.</param>
    /// <exception cref="ArgumentException">There is no stand-in of such a name.</exception>
    /// <exception cref="FormatException">The seed cannot be read; the message tells the place.</exception>
    public static IErrandBuilder AddFakeVendors(this IErrandBuilder errand, IReadOnlyList<string> vendors, FakeVendorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(errand);
        if (vendors.Select(VendorNames.FaultOf).FirstOrDefault(fault => fault is not null) is { } fault) throw new ArgumentException(fault, nameof(vendors));
        var made = options ?? new FakeVendorOptions();
        if (made.Seed is { } json)
        {
            var seed = SeedFile.Parse(json, vendors, made, made.Time.GetUtcNow());
            errand.Services.AddSingleton(seed);
            made = Prepared(made, seed);
        }

        var credentials = new VendorCredentials();
        errand.Services
            .AddSingleton(credentials)
            .AddSingleton<IHandlerCatalog>(new FakeTypes(vendors, made))
            .AddSingleton(provider => new Plays(vendors, provider.GetRequiredService<IJobSource>(), provider.GetRequiredService<IJobClients>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IDialectFilter, ScriptFilter>();
        errand.AddErrandIdentity(credentials.AddTo);
        foreach (var vendor in vendors) AddWire(errand, vendor, vendors, made);
        if (made.MoveEvery is { } every)
        {
            errand.Services.AddSingleton<IHostedService>(
                provider => new CourseClock(provider.GetRequiredService<Plays>(), provider.GetRequiredService<TimeProvider>(), every));
        }

        return errand.AddDialect<ScriptDialect>();
    }

    /// <summary>Maps the wires where the vendors have them: Zendesk and Workiva at the root, Alteryx at <c>/webapi</c>.</summary>
    public static void MapFakeVendors(this IEndpointRouteBuilder endpoints)
    {
        foreach (var play in endpoints.ServiceProvider.GetRequiredService<Plays>().All)
        {
            switch (play.Vendor)
            {
                case VendorNames.Zendesk: endpoints.MapErrandZendesk(); break;
                case VendorNames.Workiva: endpoints.MapErrandWorkiva(); break;
                default: endpoints.MapErrandAlteryx(); break;
            }
        }
    }

    /// <summary>Maps <c>/fake/scripts</c> and <c>/fake/{vendor}/scripts</c>, where callers with <c>jobs.admin</c> set, see and clear the scripts: what <c>errand fake</c> talks to.</summary>
    public static void MapFakeVendorScripts(this IEndpointRouteBuilder endpoints) => endpoints.MapErrandDialect("/", ScriptDialect.DialectName);

    /// <summary>Loads the seed and makes the token of the credentials, once the host has started.</summary>
    public static async Task<VendorCredentials> PrepareFakeVendorsAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        if (services.GetService<SeedFile>() is { } seed)
        {
            var loader = new SeedLoader(
                services.GetRequiredService<IJobStorage>(), services.GetRequiredService<IJobSource>(), services.GetRequiredService<IJobClients>(), services.GetRequiredService<Plays>(),
                services.GetRequiredService<TimeProvider>());
            await loader.LoadAsync(seed, cancellationToken);
        }

        var credentials = services.GetRequiredService<VendorCredentials>();
        await credentials.IssueAsync(services.GetRequiredService<AccessTokens>(), cancellationToken);
        return credentials;
    }

    // Jobs of years ago are to be found; and dates are told in the form in which they were recorded.
    private static FakeVendorOptions Prepared(FakeVendorOptions options, SeedFile seed) => options with
    {
        Workflows = seed.Workflows,
        Zendesk = zendesk =>
        {
            zendesk.Retention = TimeSpan.FromDays(36_500);
            zendesk.SeedStrict = seed.IsOld;
            options.Zendesk?.Invoke(zendesk);
        },
    };

    private static void AddWire(IErrandBuilder errand, string vendor, IReadOnlyList<string> vendors, FakeVendorOptions options)
    {
        switch (vendor)
        {
            case VendorNames.Zendesk:
                errand.AddZendesk(zendesk =>
                {
                    FakeTypes.Configure(zendesk);
                    options.Zendesk?.Invoke(zendesk);
                });
                break;
            case VendorNames.Workiva:
                errand.AddWorkiva(workiva =>
                {
                    FakeTypes.Configure(workiva);
                    options.Workiva?.Invoke(workiva);
                });
                break;
            default: errand.AddAlteryx(FakeTypes.AlteryxOf(vendors, options)); break;
        }
    }
}
