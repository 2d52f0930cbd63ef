using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Errand.Torture.Histories;
using Errand.Torture.Processes;

namespace Errand.Torture.Load;

/// <summary>Holds everything that was promised against what the nodes say now.</summary>
internal sealed class Audit(IReadOnlyList<Door> doors, Target target)
{
    private readonly ConcurrentQueue<string> _wrong = new();
    private int _lost, _twice, _crooked, _items, _torn, _foreign, _poisoned, _canceled, _calls;

    public IReadOnlyCollection<string> Wrong => _wrong;

    public int Lost => _lost;

    public int SettledTwice => _twice;

    public int NotLinearizable => _crooked;

    public int ItemsWrong => _items;

    public int OutputsTorn => _torn;

    public int ResultsForeign => _foreign;

    public int Poisoned => _poisoned;

    public int Canceled => _canceled;

    public int Calls => _calls;

    /// <summary>Reads every acknowledged job once more, through every node in turn, and judges it.</summary>
    public async Task RunAsync(IReadOnlyCollection<Entry> entries)
    {
        await Parallel.ForEachAsync(
            entries.Where(entry => entry.Acknowledged), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (entry, _) => await JudgeAsync(entry, doors[entry.Id![^1] % doors.Count]));
        foreach (var entry in entries) JudgeHistory(entry);
    }

    private async Task JudgeAsync(Entry entry, Door door)
    {
        var job = await door.ReadAsync(entry) ?? await door.ReadAsync(entry);
        if (job is not { HasJob: true }) Is(ref _lost, $"job {entry.Id} ({entry.Type}) was acknowledged and answers {(job is null ? "nothing" : (int)job.Status)}: it is lost");
        else if (!job.Done) Is(ref _lost, $"job {entry.Id} ({entry.Type}) was acknowledged and never ends: it is {job.JobStatus}: {job.Body}");
        else if (job.JobStatus == "canceled") Interlocked.Increment(ref _canceled);
        else if (job.JobStatus == "failed" && job.ErrorCode == "poison") Interlocked.Increment(ref _poisoned);
        else if (job.JobStatus != "succeeded") Is(ref _lost, $"job {entry.Id} ({entry.Type}) ended as {job.JobStatus} {job.ErrorCode}, which no handler said: {job.Body}");
        else await JudgeContentsAsync(entry, job, door);
    }

    private async Task JudgeContentsAsync(Entry entry, JobAnswer job, Door door)
    {
        switch (entry.Type)
        {
            case JobKinds.Batch:
                if (!await HasAllItemsAsync(entry, job, door)) Is(ref _items, $"job {entry.Id} has items that are missing or counted twice: {job.Body}");
                break;
            case JobKinds.File:
                if (await FlawOfOutputAsync(entry, door) is { } flaw) Is(ref _torn, $"job {entry.Id} has an output that is not what was written: {flaw}");
                break;
            default:
                if (job.Run is not { } run || !target.Results.TryGetValue(entry.Id!, out var runs) || !runs.Contains(run)) Is(ref _foreign, $"job {entry.Id} has a result that no run of it gave: {job.Body}");
                break;
        }
    }

    private static async Task<bool> HasAllItemsAsync(Entry entry, JobAnswer job, Door door)
    {
        if (job.Progress != (JobKinds.ItemsPerBatch, JobKinds.FailedItems)) return false;
        using var page = JsonDocument.Parse(await door.TextAsync(entry, "items?pageSize=200"));
        var places = page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()).Order();
        return places.SequenceEqual(Enumerable.Range(0, JobKinds.ItemsPerBatch));
    }

    private static async Task<string?> FlawOfOutputAsync(Entry entry, Door door)
    {
        using var page = JsonDocument.Parse(await door.TextAsync(entry, "outputs"));
        if (page.RootElement.GetProperty("items").EnumerateArray().ToList() is not [var output]) return $"there is not one, but {page.RootElement}";
        var bytes = await door.BytesAsync(entry, $"outputs/{output.GetProperty("id").GetString()}");
        if (bytes.Length != JobKinds.OutputBytes) return $"{bytes.Length} bytes instead of {JobKinds.OutputBytes} of {output}";
        var digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";
        return output.GetProperty("digest").GetString() == digest ? null : $"the bytes have the digest {digest}, and not that of {output}";
    }

    private void JudgeHistory(Entry entry)
    {
        var calls = entry.Calls;
        _calls += calls.Count;
        if (entry.Contradiction is { } contradiction) Is(ref _twice, $"job {entry.Id} {contradiction}");
        if (JobHistory.IsLinearizable(calls)) return;
        var told = calls.OrderBy(call => call.Begun).Select(call => $"  {call.Begun} to {call.Ended}: {call.What}");
        Is(ref _crooked, $"job {entry.Id} has a history that no single machine could have shown:\n{string.Join('\n', told)}");
    }

    private void Is(ref int kind, string what)
    {
        Interlocked.Increment(ref kind);
        _wrong.Enqueue(what);
    }
}
