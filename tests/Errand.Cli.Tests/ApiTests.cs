namespace Errand.Cli.Tests;

public sealed class ApiTests(TestServer server)
{
    [Fact]
    public async Task Any_request_can_be_sent_and_its_answer_is_printed_as_it_is()
    {
        var ran = await server.RunAsync("api", "post", "/v1/jobs", "-d", """{"type":"t.idle"}""", "-i");
        Assert.Equal(0, ran.Code);
        Assert.StartsWith("HTTP/1.1 202", ran.Out, StringComparison.Ordinal);
        Assert.Contains("Operation-Location: ", ran.Out, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"t.idle\"", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_printed_and_has_its_exit_code()
    {
        var ran = await server.RunAsync("api", "GET", "/v1/jobs/nothing");
        Assert.Equal(5, ran.Code);
        Assert.Equal(404, ran.Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Headers_are_passed_on()
    {
        var id = await server.FinishAsync("t.partial");
        var ran = await server.RunAsync("api", "GET", $"/v1/jobs/{id}/items", "-H", "Accept: application/x-ndjson");
        Assert.Equal(3, ran.Lines.Length);
    }
}
