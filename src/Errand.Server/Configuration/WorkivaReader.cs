using Errand.Dialects.Workiva;

namespace Errand.Server.Configuration;

/// <summary>Reads <c>dialects.workiva</c>.</summary>
internal static class WorkivaReader
{
    public static DialectConfig Read(ConfigSection section)
    {
        var options = new WorkivaOptions
        {
            SeeOther = section.Word("seeOther", "never", "output") == "output" ? WorkivaSeeOther.Output : WorkivaSeeOther.Never,
            DeprecationHeaders = section.Flag("deprecationHeaders") ?? false,
            RateLimit = section.Rate("rateLimit"),
            QueueJobTypes = section.Texts("queueJobTypes"),
        };
        foreach (var (starter, type) in section.Map("starters") ?? new Dictionary<string, string>())
        {
            if (!JobNames.IsTypeOrQueue(type)) section.Fail("starters", ConfigNames.Rule(type));
            options.Starters[starter] = type;
            if (WorkivaOptions.FaultOf(starter) is { } fault) section.Fail("starters", fault);
        }

        return new WorkivaConfig(options) { Path = DialectsReader.ReadPath(section) };
    }
}
