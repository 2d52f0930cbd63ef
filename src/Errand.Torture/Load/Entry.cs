using Errand.Torture.Histories;

namespace Errand.Torture.Load;

/// <summary>One job as its client knows it.</summary>
internal sealed class Entry(string type, string body, string? id, string? key)
{
    private readonly Lock _gate = new();
    private readonly List<Call<Seen>> _calls = [];

    public string Type => type;

    public string Body => body;

    /// <summary>The Idempotency-Key, where the server makes the id.</summary>
    public string? Key => key;

    /// <summary>The client's own, or the one of the first acknowledgement.</summary>
    public string? Id { get; private set; } = id;

    public bool Acknowledged { get; private set; }

    /// <summary>How it had ended when that was seen first; whatever is seen later must be the same.</summary>
    public string? End { get; private set; }

    /// <summary>The run whose result it had when it was first read with one.</summary>
    public long? Run { get; private set; }

    /// <summary>Another end was seen after the first, or another job for one and the same submit.</summary>
    public string? Contradiction { get; private set; }

    /// <summary>Everything that was asked and answered about it.</summary>
    public IReadOnlyList<Call<Seen>> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    /// <summary>Takes down an answer.</summary>
    /// <param name="call">Who asked what when.</param>
    /// <param name="answer">The job as it was answered with; null when there was none.</param>
    public void Note(Call<Seen> call, JobAnswer? answer)
    {
        lock (_gate)
        {
            _calls.Add(call);
            Acknowledged |= call.What.Kind is SeenKind.Submitted;
            if (answer is null) return;
            if ((Id ??= answer.Id) != answer.Id) Contradiction ??= $"one submit made {Id} and {answer.Id}";
            if (answer.End is { } end && (End ??= end) != end) Contradiction ??= $"ended as {End}, and then as {end}";
            // Only a read shows the result.
            if (answer.Run is { } run && (Run ??= run) != run) Contradiction ??= $"had the result of run {Run}, and then of run {run}";
        }
    }
}
