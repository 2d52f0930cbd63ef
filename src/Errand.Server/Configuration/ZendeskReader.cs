using Errand.Dialects.Zendesk;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>dialects.zendesk</c>.</summary>
internal static class ZendeskReader
{
    private const int RequestsMax = 1_000_000;

    public static DialectConfig Read(ConfigSection section)
    {
        var envelope = section.Word("envelope", "both", "envelope", "bare") switch
        {
            "envelope" => ZendeskEnvelope.Envelope,
            "bare" => ZendeskEnvelope.Bare,
            _ => ZendeskEnvelope.Both,
        };
        var (seedStrict, agentsOnly) = (section.Flag("seedStrict") ?? false, section.Flag("agentsOnly") ?? false);
        var (retention, rateLimit) = (section.Duration("retention"), section.Integer("rateLimit", 1, RequestsMax));
        var starters = ReadStarters(section);
        return new ZendeskConfig(options =>
        {
            (options.Envelope, options.SeedStrict, options.AgentsOnly, options.RateLimit) = (envelope, seedStrict, agentsOnly, rateLimit);
            if (retention is { } kept) options.Retention = kept;
            foreach (var (starter, type) in starters) options.Starters[starter] = type;
        })
        { Path = DialectsReader.ReadPath(section) };
    }

    private static IReadOnlyDictionary<string, string> ReadStarters(ConfigSection section)
    {
        var starters = section.Map("starters") ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (starter, type) in starters)
        {
            if (!JobNames.IsTypeOrQueue(type)) section.Fail("starters", ConfigNames.Rule(type));
            if (!ZendeskOptions.KnownStarters.Contains(starter))
            {
                section.Fail("starters", $"\"{starter}\" is no bulk endpoint.{Suggestion.For(starter, ZendeskOptions.KnownStarters)} Known: {string.Join(", ", ZendeskOptions.KnownStarters)}");
            }
        }

        return starters;
    }
}
