using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Errand.Handlers;

/// <summary>
/// Keeps URLs that callers choose away from what is not theirs to reach. The check is made when the connection is: a name is resolved
/// once, and the address that was checked is the one that is connected to, so that no second answer of a name server can slip in.
/// </summary>
public sealed class OutboundGuard
{
    private readonly OutboundRules _rules;
    private readonly IPNetwork[] _allowed;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly Func<IEnumerable<IPAddress>> _own;

    /// <summary>Makes a guard that resolves names by the system and forbids this machine's own addresses too.</summary>
    public OutboundGuard(OutboundRules rules)
        : this(rules, Dns.GetHostAddressesAsync, OwnAddresses)
    {
    }

    internal OutboundGuard(
        OutboundRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IEnumerable<IPAddress>> own)
    {
        ArgumentNullException.ThrowIfNull(rules);
        (_rules, _resolve, _own) = (rules, resolve, own);
        _allowed = [.. rules.AllowedNetworks.Select(network => IPNetwork.Parse(network))];
    }

    /// <summary>What is wrong with a URL before anything is resolved; null when nothing is.</summary>
    public string? Check(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return "It is not an absolute URL.";
        if (uri.Scheme != Uri.UriSchemeHttps && !(_rules.AllowHttp && uri.Scheme == Uri.UriSchemeHttp))
            return $"Its scheme is '{uri.Scheme}'; {(_rules.AllowHttp ? "https or http" : "https")} is expected.";
        if (uri.UserInfo.Length > 0) return "It holds a user name or password, which a URL must not.";
        if (uri.Fragment.Length > 0) return "It holds a fragment, which is never sent.";
        return Ports().Contains(uri.Port) ? null : $"Its port is {uri.Port}; {string.Join(", ", Ports())} is expected.";
    }

    /// <summary>True when no connection may be made to the address.</summary>
    public bool IsForbidden(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var inner = ForbiddenNetworks.Unwrap(address);
        if (Array.Exists(_allowed, network => network.Contains(inner))) return false;
        return ForbiddenNetworks.Contain(address) || _own().Contains(inner);
    }

    /// <summary>
    /// Connects for <see cref="SocketsHttpHandler.ConnectCallback"/>. The handler must use no proxy, since it would then be the proxy's
    /// address that is checked.
    /// </summary>
    /// <exception cref="OutboundForbiddenException">One of the addresses of the name is forbidden.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The addresses of a host, if every one of them may be connected to.</summary>
    internal async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellationToken);
        // One forbidden address spoils the rest: a name that answers with a public and a private one is an attack, not a service.
        if (Array.Exists(addresses, IsForbidden)) throw new OutboundForbiddenException(host);
        return addresses;
    }

    private IEnumerable<int> Ports() => _rules.AllowedPorts.Count > 0 ? _rules.AllowedPorts : _rules.AllowHttp ? [443, 80] : [443];

    private static IEnumerable<IPAddress> OwnAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(address => address.Address);
}

/// <summary>What callers' URLs may reach.</summary>
public sealed record OutboundRules
{
    /// <summary>Whether <c>http</c> is taken beside <c>https</c>. Default: false.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>The ports that are taken. Default: none named, which means 443, and 80 with <see cref="AllowHttp"/>.</summary>
    public IReadOnlyList<int> AllowedPorts { get; init; } = [];

    /// <summary>Networks that may be reached although they are not the public internet, as <c>10.20.0.0/16</c>. Default: none.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];
}

/// <summary>A host may not be connected to. Which address it was is not told: the caller would be mapping the network with it.</summary>
public sealed class OutboundForbiddenException(string host)
    : HttpRequestException($"The host '{host}' may not be reached from here: its address is not on the public internet.");
