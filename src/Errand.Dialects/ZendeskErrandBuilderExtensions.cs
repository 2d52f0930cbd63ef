using Errand;
using Errand.AspNetCore;
using Errand.Dialects.Zendesk;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Zendesk wire.</summary>
public static class ZendeskErrandBuilderExtensions
{
    /// <summary>
    /// Adds the Zendesk wire, to be mapped with <c>app.MapErrandZendesk()</c>. Clients send an access token of Errand as a bearer token, or as the API token of
    /// <c>email/token</c>; the passwords of users and tokens of OAuth clients are taken as on every wire.
    /// </summary>
    public static IErrandBuilder AddZendesk(this IErrandBuilder builder, Action<ZendeskOptions>? configure = null)
    {
        builder.Services.AddOptions<ZendeskOptions>()
            .Validate(options => options.Retention > TimeSpan.Zero, "The retention of the Zendesk wire must be more than zero: 24 hours is the vendor's.")
            .Validate(options => options.RateLimit is null or > 0, "The rate limit of the Zendesk wire is a number of requests a minute, at least 1; null turns it off.");
        if (configure is not null) builder.Services.Configure(configure);
        builder.Services.AddOptions<ErrandApiOptions>().PostConfigure<IOptions<ZendeskOptions>>((api, zendesk) => ZendeskRates.AddTo(api, zendesk.Value.RateLimit));
        return builder.AddDialect<ZendeskDialect>();
    }
}
