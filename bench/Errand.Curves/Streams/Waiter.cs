using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Errand.Curves.Streams;

/// <summary>
/// One client that waits for a job over a bare socket: the cost of ten thousand of them should be the server's, not that of a client
/// library beside it on the same cores.
/// </summary>
internal sealed class Waiter(byte[] request, string told, string? again = null) : IDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _told = Encoding.ASCII.GetBytes(told);
    private byte[] _heard = new byte[4096];
    private int _length;

    /// <summary>When it was told, by the wall clock that the server too goes by.</summary>
    public DateTimeOffset ToldAt { get; private set; }

    public async Task BeginAsync(Uri server)
    {
        await _socket.ConnectAsync(server.Host, server.Port);
        await _socket.SendAsync(request);
    }

    /// <summary>Reads on until it hears this; false when the server closes before.</summary>
    public async Task<bool> HearsAsync(byte[] marker)
    {
        while (_heard.AsSpan(0, _length).IndexOf(marker) < 0)
        {
            if (!await ReadAsync()) return false;
        }

        return true;
    }

    public async Task<bool> IsToldAsync()
    {
        // A long poll whose time is up is asked again, as pollers do.
        var came = again is null ? await HearsAsync(_told) : await PollAsync();
        ToldAt = Time.GetUtcNow();
        return came;
    }

    private async Task<bool> PollAsync()
    {
        var marker = Encoding.ASCII.GetBytes(again!);
        while (true)
        {
            var sight = _heard.AsSpan(0, _length);
            if (sight.IndexOf(_told) >= 0) return true;
            if (sight.IndexOf(marker) >= 0)
            {
                _length = 0;
                await _socket.SendAsync(request);
            }

            if (!await ReadAsync()) return false;
        }
    }

    private async Task<bool> ReadAsync()
    {
        if (_length == _heard.Length) Array.Resize(ref _heard, _length * 2);
        var read = await _socket.ReceiveAsync(_heard.AsMemory(_length));
        _length += read;
        return read > 0;
    }

    /// <summary>When its job changed, as the server says.</summary>
    public DateTimeOffset ChangedAt()
    {
        const string Member = "\"finishedAt\":\"";
        var text = Encoding.UTF8.GetString(_heard, 0, _length);
        var from = text.LastIndexOf(Member, StringComparison.Ordinal) + Member.Length;
        return DateTimeOffset.Parse(text[from..text.IndexOf('"', from)], CultureInfo.InvariantCulture);
    }

    public void Dispose() => _socket.Dispose();
}
