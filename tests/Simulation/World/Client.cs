using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Errand.Simulation.Tests.Promises;
using Errand.Storage;

namespace Errand.Simulation.Tests.World;

/// <summary>Somebody who submits, repeats when no answer comes, cancels, updates, retries and purges.</summary>
internal sealed class Client(Ledger ledger, Random random, TimeProvider time)
{
    /// <summary>A queue with a limit, that is paused now and then.</summary>
    public const string NarrowQueue = "narrow";

    public static readonly string[] Queues = [JobNames.DefaultQueue, NarrowQueue];
    public static readonly JobCaller Caller = new(Ledger.Tenant, "ada");

    private readonly List<(JobSubmission Submission, IdempotencyKey? Key)> _unanswered = [];
    private readonly List<string> _uploads = [];
    private int _keys;

    public async Task SubmitAsync(IJobClients clients)
    {
        var (submission, key) = _unanswered.Count > 0 && random.Next(2) == 0 ? Repeat() : (Draft(), NewKey());
        try
        {
            var receipt = await clients.For(Caller).SubmitAsync(submission, key);
            ledger.Acknowledged(receipt, submission, key);
        }
        catch (OutcomeUnknownException e)
        {
            _unanswered.Add((submission with { Id = submission.Id ?? e.Job }, key));
            throw;
        }
    }

    public async Task SubmitManyAsync(IJobClients clients)
    {
        var submissions = Enumerable.Range(0, 1 + random.Next(6)).Select(_ => Draft()).ToList();
        var replies = await clients.For(Caller).SubmitManyAsync(submissions, atomic: random.Next(2) == 0);
        foreach (var (reply, submission) in replies.Zip(submissions))
        {
            if (reply.Receipt is { } receipt) ledger.Acknowledged(receipt, submission, key: null);
        }
    }

    public async Task UploadAsync(IJobClients clients)
    {
        var items = string.Concat(Enumerable.Range(0, 1 + random.Next(5)).Select(n => $"{{\"n\":{n},\"of\":{random.Next()}}}\n"));
        using var sent = new MemoryStream(Encoding.UTF8.GetBytes(items));
        var upload = await clients.ContentsFor(Caller).UploadAsync(UploadFormat.Ndjson, sent);
        ledger.Uploaded(upload, items);
        _uploads.Add(upload.Id);
    }

    public async Task ReadAsync(IJobClients clients)
    {
        if (ledger.Draw(random) is not { } id) return;
        var since = ledger.Seen(id);
        if ((await clients.For(Caller).FindAsync(id)).Job is { } job) HeadLedger.CheckNotOlder(since, job.Head);
    }

    public async Task CancelAsync(IJobClients clients)
    {
        if (ledger.Draw(random) is not { } id) return;
        var job = await clients.For(Caller).CancelAsync(id, "no longer needed");
        if (job.Head.State is JobState.Queued or JobState.Running) throw new BrokenPromiseException($"a cancel was answered with a job that is {job.Head.State}");
    }

    public async Task UpdateAsync(IJobClients clients)
    {
        if (ledger.Draw(random) is not { } id) return;
        var update = random.Next(3) switch
        {
            0 => new JobUpdate(Priority: random.Next(10)),
            1 => new JobUpdate(Deadline: time.GetUtcNow().AddSeconds(1 + random.Next(20))),
            _ => new JobUpdate(RunAt: time.GetUtcNow().AddSeconds(random.Next(10))),
        };
        await clients.For(Caller).UpdateAsync(id, update);
    }

    public async Task RetryAsync(IJobClients clients)
    {
        if (ledger.Draw(random) is not { } id) return;
        ledger.Acknowledged(await clients.For(Caller).RetryAsync(id));
    }

    public async Task PurgeAsync(IJobClients clients)
    {
        if (ledger.Draw(random) is not { } id) return;
        ledger.MayBePurged(id);
        await clients.For(Caller).PurgeAsync(id);
    }

    private (JobSubmission, IdempotencyKey?) Repeat()
    {
        var place = random.Next(_unanswered.Count);
        var again = _unanswered[place];
        _unanswered.RemoveAt(place);
        return again;
    }

    private JobSubmission Draft() => new()
    {
        ItemsFrom = random.Next(3) == 0 ? NextUpload() : null,
        Type = Server.Types[random.Next(Server.Types.Length)],
        Queue = Queues[random.Next(Queues.Length)],
        Id = random.Next(2) == 0 ? NewId() : null,
        Priority = random.Next(10),
        MaxAttempts = 1 + random.Next(3),
        UniqueKey = random.Next(4) == 0 ? $"key-{random.Next(3)}" : null,
        OnConflict = (UniqueConflict)random.Next(2),
        Delay = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(8_000)) : null,
        Deadline = random.Next(6) == 0 ? time.GetUtcNow().AddSeconds(9 + random.Next(30)) : null,
        Retention = random.Next(4) == 0 ? TimeSpan.FromSeconds(random.Next(20)) : null,
    };

    private string? NextUpload()
    {
        if (_uploads.Count == 0) return null;
        var upload = _uploads[^1];
        _uploads.RemoveAt(_uploads.Count - 1);
        return upload;
    }

    private JobId NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new JobId(new Guid(bytes));
    }

    private IdempotencyKey? NewKey()
    {
        if (random.Next(3) > 0) return null;
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, ++_keys);
        return new IdempotencyKey($"key-{_keys}", "POST /v1/jobs", SHA256.HashData(number));
    }
}
