namespace Errand.Cli.Tests;

public sealed class DoctorTests(TestServer server)
{
    [Fact]
    public async Task A_server_in_order_is_0_and_what_is_odd_is_a_warning()
    {
        var ran = await server.RunAsync("doctor", "--data", server.Data, "-o", "json");
        Assert.Equal(0, ran.Code);
        var verdicts = ran.Json.EnumerateArray().ToDictionary(finding => finding.GetProperty("check").GetString()!, finding => finding);
        Assert.Equal("ok", verdicts["server"].GetProperty("verdict").GetString());
        Assert.Equal("ok", verdicts["data"].GetProperty("verdict").GetString());
        Assert.Equal("warning", verdicts["types"].GetProperty("verdict").GetString());
        Assert.Contains("t.idle", verdicts["types"].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_server_is_9_and_no_token_is_4()
    {
        Assert.Equal(9, (await Ran.Async(["doctor", "--url", "http://127.0.0.1:1"])).Code);
        Assert.Equal(4, (await Ran.Async(["doctor", "--url", server.Url])).Code);
    }

    [Fact]
    public async Task A_wrong_configuration_is_2()
    {
        using var scratch = new Scratch();
        var ran = await server.RunAsync("doctor", "--config", scratch.File("errand.json", "{\"typs\":{}}"));
        Assert.Equal(2, ran.Code);
        Assert.Contains("typs", ran.Out, StringComparison.Ordinal);
    }
}
