using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Errand.Testing.Stage;

/// <summary>
/// The vendor's own ids of seeded jobs, where they have another shape than Errand's: they are taken in requests, and given in answers, in place of the job's. Empty unless such jobs were seeded.
/// </summary>
internal sealed class VendorIds
{
    private const string Suffix = ".json";

    private readonly ConcurrentDictionary<string, JobId> jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<JobId, string> names = new();

    public bool Any => !names.IsEmpty;

    /// <summary>The job of a vendor's id; one that Errand could have given is its own.</summary>
    public JobId Take(string name)
    {
        if (JobId.TryParse(name, out var own) && own.ToString() == name) return own;
        var id = jobs.GetOrAdd(name, IdOf);
        names[id] = name;
        return id;
    }

    /// <summary>What a request's id means here, with the suffix that it may have.</summary>
    public string Resolve(string id)
    {
        var length = id.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? id.Length - Suffix.Length : id.Length;
        return jobs.TryGetValue(id[..length], out var job) ? job + id[length..] : id;
    }

    /// <summary>A text of an answer with the vendor's ids.</summary>
    public string Rename(string text)
    {
        foreach (var (job, name) in names) text = text.Replace(job.ToString(), name, StringComparison.Ordinal);
        return text;
    }

    // The same for the same name: a kept folder finds its jobs again.
    private static JobId IdOf(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new JobId(new Guid(hash[..16], bigEndian: true));
    }
}
