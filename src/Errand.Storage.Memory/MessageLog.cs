using System.Text;

namespace Errand.Storage.Memory;

/// <summary>The lines of one job: the first half is kept for ever, the last half rolls.</summary>
internal sealed class MessageLog
{
    private const int HalfLines = 5_000;
    private const long HalfBytes = 2 * 1024 * 1024;

    private readonly List<JobMessage> _first = [];
    private readonly Queue<JobMessage> _last = [];
    private long _firstBytes;
    private long _lastBytes;
    private long _lastSequence;
    private bool _firstIsFull;

    public long Dropped { get; private set; }

    public IEnumerable<JobMessage> Lines => _first.Concat(_last);

    public void Append(JobMessage message)
    {
        var line = message with { Sequence = ++_lastSequence };
        var bytes = BytesOf(line);
        _firstIsFull |= _first.Count == HalfLines || _firstBytes + bytes > HalfBytes;
        if (!_firstIsFull)
        {
            _first.Add(line);
            _firstBytes += bytes;
            return;
        }

        _last.Enqueue(line);
        _lastBytes += bytes;
        while (_last.Count > HalfLines || _lastBytes > HalfBytes)
        {
            _lastBytes -= BytesOf(_last.Dequeue());
            Dropped++;
        }
    }

    private static int BytesOf(JobMessage line) => Encoding.UTF8.GetByteCount(line.Text);
}
