using Errand.Dialects.Zendesk;

namespace Errand.Server.Configuration;

/// <summary>The wire of Zendesk.</summary>
/// <param name="Configure">Sets how it behaves.</param>
public sealed record ZendeskConfig(Action<ZendeskOptions> Configure) : DialectConfig;
