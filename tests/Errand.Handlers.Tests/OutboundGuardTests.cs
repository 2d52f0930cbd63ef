using System.Net;

namespace Errand.Handlers.Tests;

public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("0.0.0.0"), InlineData("0.1.2.3"), InlineData("10.0.0.1"), InlineData("10.255.255.255")]
    [InlineData("100.64.0.1"), InlineData("100.100.100.200"), InlineData("100.127.255.255")]
    [InlineData("127.0.0.1"), InlineData("127.1"), InlineData("2130706433"), InlineData("0x7f.1"), InlineData("127.255.255.254")]
    [InlineData("169.254.169.254"), InlineData("169.254.170.2"), InlineData("169.254.170.23")]
    [InlineData("172.16.0.1"), InlineData("172.31.255.255"), InlineData("192.0.0.8"), InlineData("192.0.2.1")]
    [InlineData("192.31.196.1"), InlineData("192.52.193.1"), InlineData("192.88.99.1"), InlineData("192.168.1.1"), InlineData("192.175.48.1")]
    [InlineData("198.18.0.1"), InlineData("198.19.255.255"), InlineData("198.51.100.7"), InlineData("203.0.113.7")]
    [InlineData("224.0.0.1"), InlineData("239.255.255.250"), InlineData("240.0.0.1"), InlineData("255.255.255.255"), InlineData("168.63.129.16")]
    [InlineData("::"), InlineData("::1"), InlineData("::7f00:1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.1.2.3"), InlineData("::ffff:168.63.129.16")]
    [InlineData("64:ff9b::7f00:1"), InlineData("64:ff9b::a9fe:a9fe"), InlineData("64:ff9b:1::1"), InlineData("100::1"), InlineData("100:0:0:1::1")]
    [InlineData("2001::1"), InlineData("2001:1ff::1"), InlineData("2001:db8::1"), InlineData("2002:7f00:1::"), InlineData("2002:c0a8:101::1")]
    [InlineData("2620:4f:8000::1"), InlineData("3fff::1"), InlineData("5f00::1"), InlineData("fc00::1"), InlineData("fd00:ec2::254")]
    [InlineData("fe80::1"), InlineData("fe80::1%1"), InlineData("fec0::1"), InlineData("ff02::1")]
    public void What_is_not_the_public_internet_is_forbidden(string address) =>
        Assert.True(Guard().IsForbidden(IPAddress.Parse(address)), address);

    [Theory]
    [InlineData("1.1.1.1"), InlineData("8.8.8.8"), InlineData("9.255.255.255"), InlineData("11.0.0.0"), InlineData("100.63.255.255"), InlineData("100.128.0.0")]
    [InlineData("172.15.255.255"), InlineData("172.32.0.0"), InlineData("168.63.129.15"), InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111"), InlineData("2a00:1450:4001::1"), InlineData("2001:200::1")]
    [InlineData("::ffff:8.8.8.8"), InlineData("64:ff9b::808:808"), InlineData("2002:808:808::1")]
    public void The_public_internet_is_not(string address) =>
        Assert.False(Guard().IsForbidden(IPAddress.Parse(address)), address);

    [Fact]
    public void The_addresses_of_this_machine_are_forbidden_even_if_they_are_public() =>
        Assert.True(Guard(own: "8.8.4.4").IsForbidden(IPAddress.Parse("::ffff:8.8.4.4")));

    [Fact]
    public void A_network_that_was_allowed_is_reachable_and_its_neighbours_are_not()
    {
        var guard = Guard(new OutboundRules { AllowedNetworks = ["10.20.0.0/16"] });

        Assert.False(guard.IsForbidden(IPAddress.Parse("10.20.3.4")));
        Assert.False(guard.IsForbidden(IPAddress.Parse("::ffff:10.20.3.4")));
        Assert.True(guard.IsForbidden(IPAddress.Parse("10.21.0.1")));
    }

    [Theory]
    [InlineData("https://example.com/hook", true)]
    [InlineData("https://example.com:8443/hook", false)]
    [InlineData("http://example.com/hook", false)]
    [InlineData("https://user:pass@example.com/", false)]
    [InlineData("https://example.com/#part", false)]
    [InlineData("/hook", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("", false)]
    public void A_url_is_looked_at_before_anything_is_resolved(string url, bool good) => Assert.Equal(good, Guard().Check(url) is null);

    [Fact]
    public void Http_and_other_ports_are_taken_where_the_rules_say_so()
    {
        Assert.Null(Guard(new OutboundRules { AllowHttp = true }).Check("http://example.com/"));
        Assert.Null(Guard(new OutboundRules { AllowedPorts = [8443] }).Check("https://example.com:8443/"));
        Assert.NotNull(Guard(new OutboundRules { AllowedPorts = [8443] }).Check("https://example.com/"));
    }

    [Fact]
    public async Task One_forbidden_address_of_a_name_spoils_all()
    {
        var guard = new OutboundGuard(
            new OutboundRules(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("10.0.0.1")]), () => []);

        var exception = await Assert.ThrowsAsync<OutboundForbiddenException>(() => guard.ResolveAsync("rebind.example", CancellationToken.None));

        Assert.DoesNotContain("10.0.0.1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_each_connection_and_that_address_is_connected_to()
    {
        // The name server changes its mind after the first answer, as one that attacks does.
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var guard = new OutboundGuard(
            new OutboundRules { AllowHttp = true, AllowedNetworks = ["127.0.0.0/8"] },
            (_, _) => Task.FromResult<IPAddress[]>([asked++ is 0 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1")]),
            () => []);
        using var handler = new SocketsHttpHandler { ConnectCallback = guard.ConnectAsync, UseProxy = false };
        using var client = new HttpClient(handler);

        using var response = await client.GetAsync(new Uri($"http://rebind.example:{server.Port}/"), CancellationToken.None);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, asked);
    }

    private static OutboundGuard Guard(OutboundRules? rules = null, string own = "203.0.113.99") =>
        new(rules ?? new OutboundRules(), (_, _) => throw new InvalidOperationException("nothing is to be resolved"), () => [IPAddress.Parse(own)]);
}
