using System.Net.Http.Headers;
using System.Text;
using Errand.Dialects.Zendesk;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Errand.Dialects.Tests.Zendesk;

/// <summary>Servers that speak Zendesk, and the ways to talk to them.</summary>
internal static class ZendeskServers
{
    public static Task<DialectServer> StartAsync(
        Action<ZendeskOptions>? configure = null, DateTimeOffset? at = null, Action<WebApplication>? before = null, long? bodyBytesMax = null) =>
        DialectServer.StartAsync(new DialectServer
        {
            Options = api => api.BodyBytesMax = bodyBytesMax ?? api.BodyBytesMax,
            Time = new FakeTimeProvider(at ?? DialectServer.Start),
            Configure = errand =>
            {
                errand.AddZendesk(options =>
                {
                    options.Starters["tickets/update_many"] = "tickets.update";
                    options.Starters["tickets/create_many"] = "tickets.create";
                    options.Starters["tickets/destroy_many"] = "tickets.destroy";
                    options.Starters["deleted_tickets/{id}"] = "tickets.purge";
                    options.Starters["tickets/{id}/merge"] = "tickets.merge";
                    options.Starters["custom_objects/{key}/jobs"] = "objects.change";
                    configure?.Invoke(options);
                });
                errand.Services.AddSingleton<IHandlerCatalog>(
                    new Accepts("demo", "tickets.update", "tickets.create", "tickets.destroy", "tickets.purge", "tickets.merge", "objects.change"));
            },
            Map = app =>
            {
                before?.Invoke(app);
                app.MapErrandZendesk();
            },
        });

    public static async Task<HttpClient> AdaAsync(this DialectServer server) => server.Bearer(await server.TokenAsync("ada"));

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative));

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }

    public static JobItem Done(int index, string key, string result = "") => new() { Index = index, Key = key, Result = Encoding.UTF8.GetBytes(result) };

    public static JobItem Failed(int index, string key, string code, string message) =>
        new() { Index = index, Key = key, Status = JobItemStatus.Failed, Error = new JobError(code, message) };
}
