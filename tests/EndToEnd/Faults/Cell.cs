namespace Errand.EndToEnd.Tests.Faults;

/// <summary>
/// A primary and two standbys, one of which every commit waits for, on three hosts of a network; and what an operator's tool does to them. Nothing of Errand is in here.
/// </summary>
internal sealed class Cell : IAsyncDisposable
{
    private const int Size = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("errand-cell-").FullName;
    private readonly Network _network;
    private readonly Member[] _members;

    private Cell(Network network)
    {
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        (_network, _members) = (network, [.. Enumerable.Range(0, Size).Select(host => new Member(network, host, _folder))]);
        Primary = _members[0];
    }

    public Member Primary { get; private set; }

    /// <summary>All others, whether they run or not.</summary>
    public IEnumerable<Member> Others => _members.Where(member => member != Primary);

    /// <summary>As docs/operating/deployment.md says: all hosts, the primary is found among them.</summary>
    public string ConnectionString => $"Host={string.Join(',', _members.Select(member => member.Address))};Database=postgres;Username=postgres";

    /// <summary>Builds it; skips the test, with the reason, where that is not possible.</summary>
    public static async Task<Cell> BuildAsync()
    {
        Assert.SkipWhen(Storage.PostgreSql.Tests.Cluster.Programs is null, "No PostgreSQL programs: this test starts three servers of its own. Install Debian's package postgresql.");
        var (network, whyNot) = await Network.TryLayAsync(Size);
        Assert.SkipWhen(network is null, $"No network to break: {whyNot}");
        var cell = new Cell(network!);
        try
        {
            await cell.Primary.InitializeAsync("ANY 1 (m0, m1, m2)");
            await cell.Primary.StartAsync();
            await Task.WhenAll(cell.Others.Select(cell.RebuildAsync));
            await cell.Primary.UntilFollowedAsync(Size - 1);
            return cell;
        }
        catch
        {
            await cell.DisposeAsync();
            throw;
        }
    }

    public Task CutAsync(Member member) => _network.CutAsync(Array.IndexOf(_members, member));

    public Task JoinAsync(Member member) => _network.JoinAsync(Array.IndexOf(_members, member));

    /// <summary>
    /// Makes another member the primary. With <c>ANY 1</c> of two a commit may be on one of them alone: both are asked, and the one with more of the log is taken. Both let go of the old primary
    /// before: it may only stand still, and whatever reached one of them after that would be acknowledged and then lost.
    /// </summary>
    public async Task PromoteAsync()
    {
        var standbys = Others.ToList();
        await Task.WhenAll(standbys.Select(standby => standby.LeaveAsync()));
        var log = new List<(decimal Bytes, Member Member)>();
        foreach (var standby in standbys) log.Add((await standby.LogAsync(), standby));
        var next = log.MaxBy(one => one.Bytes).Member;
        await next.PromoteAsync();
        await Task.WhenAll(standbys.Where(standby => standby != next).Select(standby => standby.FollowAsync(next)));
        Primary = next;
    }

    /// <summary>Makes what is left of a member a standby of the primary.</summary>
    public async Task RebuildAsync(Member member)
    {
        await member.KillAsync();
        await member.CloneAsync(Primary);
        await member.StartAsync();
    }

    /// <summary>Waits until the primary has both its standbys.</summary>
    public Task UntilWholeAsync() => Primary.UntilFollowedAsync(Size - 1);

    /// <summary>Waits until the primary has noticed that it is alone.</summary>
    public Task UntilAloneAsync() => Wait.UntilAsync(
        async () => await Primary.AskAsync("SELECT count(*)::text FROM pg_stat_replication") == "0", Patience, () => $"{Primary.Name} does not miss its standbys");

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members) await member.DisposeAsync();
        await _network.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
