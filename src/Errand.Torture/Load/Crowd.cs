using System.Collections.Concurrent;
using System.Net;

namespace Errand.Torture.Load;

/// <summary>Clients that submit, send again what was not answered, read and cancel, through whichever node they come to.</summary>
/// <param name="doors">The ways to the nodes.</param>
/// <param name="draw">The type and the body of the next job.</param>
/// <param name="pause">The longest pause of each of the submitters after a submit.</param>
internal sealed class Crowd(IReadOnlyList<Door> doors, Func<Random, (string Type, string Body)> draw, TimeSpan pause)
{
    private const int Submitters = 4;
    private const int Readers = 2;
    private const int LiveMax = 400;
    private const int UnansweredMax = 20;
    private const int AtOnce = 8;

    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly ConcurrentQueue<Entry> _unanswered = new();
    private readonly ConcurrentDictionary<Entry, bool> _live = new();
    private int _refused;

    /// <summary>Everything that was ever submitted.</summary>
    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>Submits that were refused with a reason other than that the server cannot now.</summary>
    public ConcurrentQueue<string> Surprises { get; } = new();

    /// <summary>Submits that were answered: not now.</summary>
    public int Refused => _refused;

    /// <summary>Loads the nodes until it is told to stop.</summary>
    public Task RunAsync(Random random, CancellationToken stop) => Task.WhenAll(
    [
        .. Enumerable.Range(0, Submitters).Select(_ => SubmitAsync(new Random(random.Next()), stop)),
        .. Enumerable.Range(0, Readers).Select(_ => LookAsync(new Random(random.Next()), stop)),
    ]);

    /// <summary>Sends again whatever was never answered, until it is.</summary>
    /// <param name="last">The doors to come through: more patient ones.</param>
    /// <param name="stop">The end of all patience.</param>
    public async Task SendAgainAsync(IReadOnlyList<Door> last, CancellationToken stop)
    {
        var unanswered = _entries.Where(entry => !entry.Acknowledged);
        await Parallel.ForEachAsync(unanswered, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (entry, _) =>
        {
            for (var tries = 0; !entry.Acknowledged && !stop.IsCancellationRequested && Surprises.IsEmpty; tries++)
            {
                await SubmitAsync(entry, last[tries % last.Count]);
                if (!entry.Acknowledged) await PauseAsync(100, stop);
            }
        });
    }

    /// <summary>Reads what lives until nothing does, or until there is no more patience.</summary>
    public async Task WaitAsync(IReadOnlyList<Door> last, CancellationToken stop)
    {
        var round = 0;
        while (!stop.IsCancellationRequested && _entries.Where(entry => entry is { Acknowledged: true, End: null }).ToList() is { Count: > 0 } live)
        {
            await Parallel.ForEachAsync(live, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (entry, _) => await last[(round + entry.Id![^1]) % last.Count].ReadAsync(entry));
            round++;
            await PauseAsync(100, stop);
        }
    }

    private async Task SubmitAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // A crowd that nobody answers must not grow without end: what lives is bounded, and so is the work that is left at the end.
            if (_live.Count < LiveMax)
            {
                var repeats = _unanswered.Count >= UnansweredMax || random.Next(3) == 0;
                var entry = repeats && _unanswered.TryDequeue(out var again) ? again : Make(random);
                await SubmitAsync(entry, Any(random));
                if (!entry.Acknowledged) _unanswered.Enqueue(entry);
            }

            await PauseAsync(random.Next((int)pause.TotalMilliseconds), stop);
        }
    }

    private Entry Make(Random random)
    {
        var (type, body) = draw(random);
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var name = Convert.ToHexStringLower(bytes);
        var entry = random.Next(3) == 0 ? new Entry(type, body, id: null, key: name) : new Entry(type, body, id: name, key: null);
        _entries.Enqueue(entry);
        return entry;
    }

    private async Task SubmitAsync(Entry entry, Door door)
    {
        if (await door.SubmitAsync(entry) is not { } answer) return;
        if (answer.HasJob) _live[entry] = true;
        else if (answer.IsUnavailable || answer.Status is HttpStatusCode.Conflict) Interlocked.Increment(ref _refused);
        else Surprises.Enqueue($"a submit of {entry.Type} was answered {(int)answer.Status}: {answer.Body}");
    }

    /// <summary>Reads jobs at random, mostly those that live, through any node; cancels one now and then.</summary>
    private async Task LookAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (Draw(random) is { } entry)
            {
                if (random.Next(60) == 0) await Any(random).CancelAsync(entry);
                else await Any(random).ReadAsync(entry);
                if (entry.End is not null) _live.TryRemove(entry, out _);
            }

            await PauseAsync(2 + random.Next(10), stop);
        }
    }

    private Entry? Draw(Random random)
    {
        var among = random.Next(8) == 0 || _live.IsEmpty ? _entries.Where(entry => entry.Id is not null) : _live.Keys.AsEnumerable();
        var count = among.Count();
        return count == 0 ? null : among.ElementAtOrDefault(random.Next(count));
    }

    private Door Any(Random random) => doors[random.Next(doors.Count)];

    private static Task PauseAsync(int milliseconds, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
}
