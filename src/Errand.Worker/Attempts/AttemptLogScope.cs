using System.Collections;

namespace Errand.Worker;

/// <summary>What every log line of a handler carries.</summary>
internal sealed class AttemptLogScope(JobHead head) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("JobId", head.Id),
        1 => new("JobType", head.Type),
        2 => new("Attempt", head.Attempt),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"job {head.Id} ({head.Type}), attempt {head.Attempt}";
}
