using System.Globalization;
using Errand.AspNetCore;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>rateLimits</c>: how many requests a caller may send to a wire.</summary>
internal static class RateLimitReader
{
    private const int RequestsMax = 10_000_000;

    public static List<RateLimitPolicy> ReadAll(ConfigSection root, IReadOnlyList<DialectConfig> dialects)
    {
        List<RateLimitPolicy> policies = [];
        foreach (var (name, section) in root.Sections("rateLimits"))
        {
            if (!JobNames.IsTypeOrQueue(name)) section.Fail(null, ConfigNames.Rule(name));
            var limit = section.RequiredText("limit", "\"100/m\"");
            var parsed = limit is null ? null : Parse(limit);
            if (limit is not null && parsed is null) section.Fail("limit", $"\"{limit}\" must be a whole number of requests for each second, minute, hour or day, as \"10/s\", \"600/m\", \"5000/h\" or \"50000/d\"");
            var policy = new RateLimitPolicy(name, parsed?.Requests ?? 1, parsed?.Window ?? TimeSpan.FromSeconds(1))
            {
                Wire = ReadWire(section, dialects),
                Applies = section.Word("applies", "all", "reads", "writes") switch { "reads" => RateLimitScope.Reads, "writes" => RateLimitScope.Writes, _ => RateLimitScope.All },
                Subjects = section.Texts("subjects") ?? [],
            };
            policies.Add(policy);
            section.Close();
        }

        return policies;
    }

    private static string ReadWire(ConfigSection section, IReadOnlyList<DialectConfig> dialects)
    {
        var wire = section.Word("wire", [RateLimitPolicy.NativeWire, .. DialectsReader.Names]) ?? RateLimitPolicy.NativeWire;
        if (wire != RateLimitPolicy.NativeWire && !dialects.Any(dialect => dialect.Name == wire)) section.Fail("wire", $"\"{wire}\" is off. Turn it on with \"dialects\": {{ \"{wire}\": {{}} }}");
        return wire;
    }

    private static (int Requests, TimeSpan Window)? Parse(string text)
    {
        if (text.Split('/') is not [var number, var unit]) return null;
        TimeSpan? window = unit switch { "s" => TimeSpan.FromSeconds(1), "m" => TimeSpan.FromMinutes(1), "h" => TimeSpan.FromHours(1), "d" => TimeSpan.FromDays(1), _ => null };
        var ok = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var requests) && requests is > 0 and <= RequestsMax;
        return ok && window is { } length ? (requests, length) : null;
    }
}
