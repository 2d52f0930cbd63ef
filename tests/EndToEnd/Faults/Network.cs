using System.Globalization;
using Errand.Torture.Processes;

namespace Errand.EndToEnd.Tests.Faults;

/// <summary>
/// A switch on this machine with hosts of its own: network namespaces, each at the end of a cable that can be pulled. Only root can lay it. The addresses are of
/// 198.18.0.0/15, which is set aside for such purposes.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    private static int s_made;

    private readonly string _name = $"er{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}{(char)('a' + Interlocked.Increment(ref s_made) % 26)}";
    private readonly int _subnet;
    private readonly int _hosts;

    private Network(int subnet, int hosts) => (_subnet, _hosts) = (subnet, hosts);

    /// <summary>Lays the cables; null, with the reason, where that is not allowed.</summary>
    public static async Task<(Network? Network, string? WhyNot)> TryLayAsync(int hosts)
    {
        if (!Environment.IsPrivilegedProcess) return (null, "only root can make network namespaces");
        var network = new Network(await FindSubnetAsync(), hosts);
        try
        {
            await network.LayAsync();
            return (network, null);
        }
        catch (InvalidOperationException e)
        {
            await network.DisposeAsync();
            return (null, e.Message);
        }
    }

    public string Address(int host) => $"198.18.{Text(_subnet)}.{Text(10 + host)}";

    /// <summary>The program and the arguments that come before another program, to run that on a host.</summary>
    public string[] On(int host) => ["nsenter", $"--net=/run/netns/{Space(host)}"];

    /// <summary>Pulls the cable: nothing comes through, and nobody is told.</summary>
    public Task CutAsync(int host) => IpAsync("link", "set", Cable(host), "down");

    public Task JoinAsync(int host) => IpAsync("link", "set", Cable(host), "up");

    public async ValueTask DisposeAsync()
    {
        for (var host = 0; host < _hosts; host++) await Commands.RunAsync("ip", ["netns", "delete", Space(host)]);
        await Commands.RunAsync("ip", ["link", "delete", _name]);
    }

    private async Task LayAsync()
    {
        await IpAsync("link", "add", _name, "type", "bridge");
        await IpAsync("address", "add", $"198.18.{Text(_subnet)}.1/24", "dev", _name);
        await IpAsync("link", "set", _name, "up");
        for (var host = 0; host < _hosts; host++)
        {
            await IpAsync("netns", "add", Space(host));
            await IpAsync("link", "add", Cable(host), "type", "veth", "peer", "name", "eth0", "netns", Space(host));
            await IpAsync("link", "set", Cable(host), "master", _name, "up");
            await IpAsync("-n", Space(host), "address", "add", $"{Address(host)}/24", "dev", "eth0");
            await IpAsync("-n", Space(host), "link", "set", "eth0", "up");
            await IpAsync("-n", Space(host), "link", "set", "lo", "up");
        }
    }

    private static async Task<int> FindSubnetAsync()
    {
        for (var tries = 0; ; tries++)
        {
            var subnet = (Environment.ProcessId + (tries * 37)) % 256;
            var (_, taken, _) = await Commands.RunAsync("ip", ["-o", "address", "show", "to", $"198.18.{Text(subnet)}.0/24"]);
            if (taken.Length == 0 || tries == 50) return subnet;
        }
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var (code, _, error) = await Commands.RunAsync("ip", arguments);
        if (code != 0) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
    }

    private string Space(int host) => $"{_name}-{Text(host)}";

    private string Cable(int host) => $"{_name}v{Text(host)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
