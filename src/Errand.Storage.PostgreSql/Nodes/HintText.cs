using System.Globalization;
using System.Text;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// Hints on their way. A text begins with the node that tells; then come lines: <c>@tenant queue type</c> where work came, <c>+tenant</c>
/// before jobs of that tenant, and a job as <c>id version progress</c>, with <c>!</c> behind it when it is finished. Unknown lines are passed over.
/// </summary>
internal static class HintText
{
    /// <summary>The server takes less than 8,000 bytes.</summary>
    private const int BytesMax = 7_900;

    public static IEnumerable<string> Write(Guid node, IEnumerable<(string Tenant, string Queue, string Type)> work, IEnumerable<JobChanged> jobs)
    {
        var head = node.ToString("N");
        var text = new StringBuilder(head);
        foreach (var line in Lines(work, jobs))
        {
            if (text.Length + line.Text.Length + line.Tenant.Length + 2 > BytesMax)
            {
                yield return text.ToString();
                text.Clear().Append(head).Append(line.Tenant);
            }

            text.Append(line.Text);
        }

        if (text.Length > head.Length) yield return text.ToString();
    }

    /// <summary>False when this node told it.</summary>
    public static bool Read(string text, Guid node, IJobHints ear)
    {
        var lines = text.Split('\n');
        if (!Guid.TryParseExact(lines[0], "N", out var from) || from == node) return false;
        var tenant = "";
        foreach (var line in lines.AsSpan(1))
        {
            var words = line.Length > 0 ? line[1..].Split(' ') : [];
            if (line.StartsWith('+')) tenant = Uri.UnescapeDataString(line[1..]);
            else if (line.StartsWith('@') && words.Length == 3) ear.WorkCame(Uri.UnescapeDataString(words[0]), words[1], words[2]);
            else ReadJob(line, tenant, ear);
        }

        return true;
    }

    private static void ReadJob(string line, string tenant, IJobHints ear)
    {
        var words = line.TrimEnd('!').Split(' ');
        if (words.Length != 3 || !JobId.TryParse(words[0], out var id) || !TryNumber(words[1], out var version) || !TryNumber(words[2], out var progress)) return;
        if (version > 0) ear.Changed(new JobKey(tenant, id), version, line.EndsWith('!'));
        if (progress > 0) ear.Progressed(new JobKey(tenant, id), progress);
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static IEnumerable<(string Text, string Tenant)> Lines(
        IEnumerable<(string Tenant, string Queue, string Type)> work, IEnumerable<JobChanged> jobs)
    {
        foreach (var (tenant, queue, type) in work) yield return ($"\n@{Uri.EscapeDataString(tenant)} {queue} {type}", "");
        foreach (var ofTenant in jobs.GroupBy(job => job.Key.Tenant, StringComparer.Ordinal))
        {
            var tenant = $"\n+{Uri.EscapeDataString(ofTenant.Key)}";
            var given = false;
            foreach (var job in ofTenant)
            {
                var line = string.Create(CultureInfo.InvariantCulture, $"\n{job.Key.Id} {job.Version} {job.Progress}{(job.Finished ? "!" : "")}");
                yield return (given ? line : tenant + line, given ? tenant : "");
                given = true;
            }
        }
    }
}

/// <summary>The newest that is to be told of a job.</summary>
internal readonly record struct JobChanged(JobKey Key, long Version, long Progress, bool Finished);
