using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Errand;

/// <summary>
/// What a reader has seen of a job: the ETag and the event id. Two numbers, and a mark while the job is scheduled, because that word
/// ends by time alone.
/// </summary>
/// <param name="Version">The lifecycle version.</param>
/// <param name="Progress">The progress sequence.</param>
/// <param name="Scheduled">Whether the job was shown as scheduled.</param>
public readonly record struct JobRevision(long Version, long Progress, bool Scheduled)
{
    /// <summary>True when this is an earlier sight of the job than <paramref name="other"/>.</summary>
    public bool IsBefore(JobRevision other) =>
        Version < other.Version
        || (Version == other.Version && (Progress < other.Progress || (Progress == other.Progress && Scheduled && !other.Scheduled)));

    /// <summary><c>3.17</c>, or <c>3.17s</c> while scheduled.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}.{Progress}{(Scheduled ? "s" : "")}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobRevision revision)
    {
        revision = default;
        if (text is null) return false;
        var scheduled = text.EndsWith('s');
        var numbers = scheduled ? text.AsSpan(0, text.Length - 1) : text.AsSpan();
        var dot = numbers.IndexOf('.');
        if (dot <= 0
            || !long.TryParse(numbers[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !long.TryParse(numbers[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var progress))
        {
            return false;
        }

        revision = new JobRevision(version, progress, scheduled);
        return true;
    }
}
