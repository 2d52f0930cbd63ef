using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Errand.Client.Tests;

public sealed class AddErrandClientTests
{
    [Fact]
    public void A_missing_address_names_the_line_that_sets_it()
    {
        var services = new ServiceCollection();
        services.AddErrandClient(_ => { });
        using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IErrandClient>());
        Assert.Contains("o.BaseAddress = new Uri(", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_pass_the_handlers_of_the_app_with_the_token()
    {
        using var server = new ScriptedServer();
        server.Answer(System.Net.HttpStatusCode.OK, """{"id":"a","type":"t","queue":"q","status":"queued","done":false}""");
        AuthorizationSeen seen = new();
        var services = new ServiceCollection();
        services.AddErrandClient(o =>
        {
            o.BaseAddress = new Uri("http://errand.test/shop");
            o.Token = "sesame";
        }).AddHttpMessageHandler(() => seen).ConfigurePrimaryHttpMessageHandler(() => server);
        using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<IErrandClient>();
        Assert.Same(client, provider.GetRequiredService<IErrandClient>());
        Assert.False((await client.Jobs.Get("a").GetAsync()).Job.Done);
        Assert.Equal(["GET /shop/v1/jobs/a"], server.Asked);
        Assert.Equal("Bearer sesame", seen.Value);
    }

    [Fact]
    public void Several_servers_are_told_apart_by_name()
    {
        var services = new ServiceCollection();
        services.AddErrandClient("billing", o => o.BaseAddress = new Uri("http://billing.test"));
        services.AddErrandClient("mail", o => o.BaseAddress = new Uri("http://mail.test"));
        using var provider = services.BuildServiceProvider();
        Assert.Equal("mail.test", provider.GetRequiredKeyedService<IErrandClient>("mail").Api.Server.Host);
        Assert.Equal("billing.test", provider.GetRequiredKeyedService<IErrandClient>("billing").Api.Server.Host);
    }

    private sealed class AuthorizationSeen : DelegatingHandler
    {
        public string? Value { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Value = request.Headers.Authorization?.ToString();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
