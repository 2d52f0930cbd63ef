using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>
/// The servers of the store, and which of them is the primary. When that one fails, or commits nothing, all are asked at once and the one that lives after the latest promotion is taken: a host that
/// is dark, stands still, or believes to be the primary still, costs nobody time. The driver's own list of hosts would try such a host again and again before the next.
/// </summary>
internal sealed class Hosts : IAsyncDisposable
{
    /// <summary>How long the others may still answer once one said that it is the primary.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Host[] _hosts;
    private readonly ReadFence _fence;
    private readonly TimeProvider _time;
    private CancellationTokenSource _reign = new();
    private Task _searching = Task.CompletedTask;
    private volatile Host _primary;

    public Hosts(NpgsqlConnectionStringBuilder settings, SchemaName schema, ReadFence fence, TimeProvider time)
    {
        (_fence, _time) = (fence, time);
        _hosts = [.. ConnectionSettings.HostsOf(settings).Select(host => new Host(host, schema, fence))];
        _primary = _hosts[0];
        fence.Promoted = EndReign;
    }

    /// <summary>Ends when another server is the primary: what still waits for the one before waits in vain.</summary>
    public CancellationToken Reign
    {
        get
        {
            lock (_gate) return _hosts.Length == 1 ? CancellationToken.None : _reign.Token;
        }
    }

    public async ValueTask<NpgsqlConnection> OpenAsync()
    {
        var tried = _primary;
        try
        {
            return await tried.Pool.OpenConnectionAsync(CancellationToken.None);
        }
        catch (Exception exception) when (MayBeElsewhere(exception))
        {
            await SearchAsync();
            if (_primary == tried) throw;
        }

        return await _primary.Pool.OpenConnectionAsync(CancellationToken.None);
    }

    /// <summary>On the calling thread.</summary>
    public NpgsqlConnection Open()
    {
        var tried = _primary;
        try
        {
            return tried.Pool.OpenConnection();
        }
        catch (Exception exception) when (MayBeElsewhere(exception))
        {
            SearchAsync().GetAwaiter().GetResult();
            if (_primary == tried) throw;
        }

        return _primary.Pool.OpenConnection();
    }

    /// <summary>A connection outside the pool, for what is held for long.</summary>
    public async ValueTask<NpgsqlConnection> OpenLastingAsync(CancellationToken cancellationToken)
    {
        var tried = _primary;
        try
        {
            return await tried.Unpooled.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception exception) when (MayBeElsewhere(exception))
        {
            await SearchAsync();
            if (_primary == tried) throw;
        }

        return await _primary.Unpooled.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>Asks all servers which of them is the primary, unless that is being asked already. Never throws.</summary>
    public Task SearchAsync()
    {
        if (_hosts.Length == 1) return Task.CompletedTask;
        lock (_gate) return _searching.IsCompleted ? _searching = Task.Run(LookAroundAsync) : _searching;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        _reign.Dispose();
    }

    private bool MayBeElsewhere(Exception exception) => _hosts.Length > 1 && exception is NpgsqlException or TimeoutException or IOException or StorageException;

    private async Task LookAroundAsync()
    {
        var asked = _hosts.Select(AskAsync).ToList();
        var patience = new TaskCompletionSource<(Host Host, int? Timeline)>().Task;
        (Host Host, int Timeline)? best = null;
        while (asked.Count > 0)
        {
            var next = await Task.WhenAny([.. asked, patience]);
            if (next == patience) break;
            asked.Remove(next);
            var (host, answer) = await next;
            if (answer is not { } timeline) continue;
            if (best is null) patience = WaitAsync();
            if (best is null || timeline > best.Value.Timeline || (timeline == best.Value.Timeline && host == _primary)) best = (host, timeline);
            if (_fence.IsNew(timeline)) break;
        }

        if (best is { } found) Take(found.Host, found.Timeline);
    }

    private static async Task<(Host Host, int? Timeline)> AskAsync(Host host) => (host, await host.AskAsync());

    private async Task<(Host Host, int? Timeline)> WaitAsync()
    {
        await Task.Delay(Grace, _time, CancellationToken.None);
        return default;
    }

    private void Take(Host host, int timeline)
    {
        if (_fence.IsOld(timeline) || host == _primary) return;
        _primary = host;
        EndReign();
        if (timeline > 0) _fence.See(timeline);
    }

    private void EndReign()
    {
        CancellationTokenSource ended;
        lock (_gate) (ended, _reign) = (_reign, new CancellationTokenSource());
        ended.Cancel();
        foreach (var host in _hosts) host.Pool.Clear();
    }
}
