using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Errand.AspNetCore.Tests;

/// <summary>What bad input gets: never a 5xx, always the field and the fix.</summary>
public sealed class NonsenseTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly HttpClient ada = server.As();

    [Theory]
    [InlineData("", "#", "empty")]
    [InlineData("{", "#", "malformed")]
    [InlineData("null", "#", "null")]
    [InlineData("[]", "#", "An object")]
    [InlineData("\"type\"", "#", "An object")]
    [InlineData("""{"type":"test.later"} x""", "#", "malformed")]
    [InlineData("""{"type":"test.later",}""", "#", "malformed")]
    [InlineData("""{}""", "#/type", "required")]
    [InlineData("""{"type":null}""", "#/type", "")]
    [InlineData("""{"type":5}""", "#/type", "A string")]
    [InlineData("""{"type":"Test"}""", "#/type", "")]
    [InlineData("""{"type":"test.later","colour":1}""", "#/colour", "no member 'colour'")]
    [InlineData("""{"type":"test.later","callback":{"url":"http://x"}}""", "#/callback", "no member")]
    [InlineData("""{"type":"test.later","scheduleId":"x"}""", "#/scheduleId", "no member")]
    [InlineData("""{"type":"test.later","status":"succeeded"}""", "#/status", "no member")]
    [InlineData("""{"type":"test.later","createdBy":"boss"}""", "#/createdBy", "no member")]
    [InlineData("""{"type":"test.later","priority":-1}""", "#/priority", "0 to 9")]
    [InlineData("""{"type":"test.later","prioritty":1}""", "#/prioritty", "Did you mean 'priority'?")]
    [InlineData("""{"type":"test.later","priority":"high"}""", "#/priority", "A whole number")]
    [InlineData("""{"type":"test.later","priority":1.5}""", "#/priority", "A whole number")]
    [InlineData("""{"type":"test.later","priority":99999999999}""", "#/priority", "A whole number")]
    [InlineData("""{"type":"test.later","labels":[]}""", "#/labels", "An object")]
    [InlineData("""{"type":"test.later","labels":{"a":null}}""", "#/labels/a", "null")]
    [InlineData("""{"type":"test.later","labels":{"a/b":{}}}""", "#/labels/a~1b", "A string")]
    [InlineData("""{"type":"test.later","delay":"P10Y"}""", "#/delay", "ISO 8601")]
    [InlineData("""{"type":"test.later","delay":"P3650D"}""", "#/delay", "between zero and")]
    [InlineData("""{"type":"test.later","delay":"-PT1S"}""", "#/delay", "between zero and")]
    [InlineData("""{"type":"test.later","delay":5}""", "#/delay", "ISO 8601")]
    [InlineData("""{"type":"test.later","runAt":"2036-11-22T00:00:00Z"}""", "#/runAt", "ahead")]
    [InlineData("""{"type":"test.later","runAt":"tomorrow"}""", "#/runAt", "RFC 3339")]
    [InlineData("""{"type":"test.later","runAt":"2026-11-22T08:00:00"}""", "#/runAt", "RFC 3339")]
    [InlineData("""{"type":"test.later","deadline":"2001-01-01T00:00:00Z"}""", "#/deadline", "past")]
    [InlineData("""{"type":"test.later","onConflict":"maybe"}""", "#/onConflict", "reuse, reject")]
    [InlineData("""{"type":"test.later","maxAttempts":0}""", "#/maxAttempts", "1 to 100")]
    [InlineData("""{"type":"test.later","type":"test.echo"}""", "#/type", "twice")]
    [InlineData("""{"type":"test.later","id":"0af7651916cd43dd8448eb211c80319c"}""", "#/id", "PUT")]
    [InlineData("""{"type":"test.later","itemsFrom":"x"}""", "#/itemsFrom", "upload")]
    [InlineData("""{"type":"test.later","items":{}}""", "#/items", "array")]
    public async Task A_bad_body_names_its_member_and_what_would_be_right(string body, string pointer, string detail)
    {
        var problem = await ada.PostAsync("jobs", body).ProblemAsync(400, "invalid_request");
        var error = problem["errors"]![0]!;

        Assert.Equal(pointer, error.Text("pointer"));
        Assert.Contains(detail, error.Text("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Errand.", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_inside_a_batch_is_found_by_its_place()
    {
        var problem = await ada.PostAsync("jobs/batch", """{"items":[{"type":"test.later"},{"type":"test.later","prio":1}]}""").ProblemAsync(400, "invalid_request");
        Assert.Equal("#/items/1/prio", problem["errors"]![0]!.Text("pointer"));

        await ada.PostAsync("jobs/batch", """{"items":[null]}""").ProblemAsync(400, "invalid_request");
        await ada.PostAsync("jobs/batch", """{"items":[]}""").ProblemAsync(400, "invalid_request");
    }

    [Fact]
    public async Task The_same_id_twice_in_a_batch_makes_one_job()
    {
        var id = Guid.NewGuid().ToString("N");
        var answer = await ada.PostAsync("jobs/batch", $$"""{"items":[{"type":"test.later","id":"{{id}}"},{"type":"test.later","id":"{{id}}","priority":9}]}""");

        Assert.InRange((int)answer.StatusCode, 200, 499);
        Assert.Single((await ada.FetchAsync("jobs?type=test.later&pageSize=200").JsonAsync(HttpStatusCode.OK))["items"]!.AsArray(), j => j!.Text("id") == id);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public async Task A_depth_bomb_is_refused_at_the_door(string open, string close)
    {
        foreach (var depth in (int[])[40, 100_000])
        {
            var bomb = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            var problem = await ada.PostAsync("jobs", $$"""{"type":"test.later","input":{{bomb}}}""").ProblemAsync(400, "invalid_request");
            Assert.Contains("deeper than 32", problem.Text("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_refused()
    {
        var body = Encoding.UTF8.GetBytes("""{"type":"test.later","input":"?"}""");
        body[Array.IndexOf(body, (byte)'?')] = 0xFF;
        var request = new HttpRequestMessage(HttpMethod.Post, "jobs") { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };

        var problem = await ada.SendAsync(request).ProblemAsync(400, "invalid_request");
        Assert.Contains("UTF-8", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_read_past() =>
        Assert.Equal(HttpStatusCode.Accepted, (await ada.PostAsync("jobs", "\uFEFF{\"type\":\"test.later\"}")).StatusCode);

    [Fact]
    public async Task A_body_without_a_length_is_cut_off_at_the_limit()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "jobs") { Content = new Endless() };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await ada.SendAsync(request).ProblemAsync(413, "payload_too_large");
    }

    [Fact]
    public async Task Nothing_that_users_say_becomes_a_header()
    {
        var id = await ada.SubmitAsync("""{"type":"test.later","uniqueKey":"a\r\nX-Evil: 1","correlationId":"b\r\nX-Evil: 2","labels":{"c\r\nX-Evil":"3"}}""");
        foreach (var answer in (HttpResponseMessage[])
        [
            await ada.FetchAsync($"jobs/{id}"), await ada.FetchAsync("jobs?correlationId=b%0d%0aX-Evil:%202"), await ada.FetchAsync("jobs/%0d%0aX-Evil:%204"),
            await ada.FetchAsync("jobs?pageSize=1&label.caf%C3%A9=%0d%0aX-Evil"), await ada.FetchAsync("caf%C3%A9%0d%0aX-Evil"),
        ])
        {
            Assert.Null(answer.Header("X-Evil"));
            Assert.InRange((int)answer.StatusCode, 200, 499);
        }
    }

    [Fact]
    public async Task Words_beyond_ascii_in_a_query_survive_the_link_to_the_next_page()
    {
        for (var i = 0; i < 2; i++) await ada.SubmitAsync("""{"type":"test.later","labels":{"café":"ja und\r\nnein"}}""");
        var answer = await ada.FetchAsync("jobs?pageSize=1&label.caf%C3%A9=ja%20und%0d%0anein");
        var link = answer.Header("Link")!;

        Assert.Single((await ada.FetchAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]).JsonAsync(HttpStatusCode.OK))["items"]!.AsArray());
    }

    [Fact]
    public async Task Raw_nonsense_on_the_socket_is_a_400_and_the_server_lives()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /v1/jobs HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\nContent-Length: -1\r\n\r\n"));
        var answer = await new StreamReader(socket.GetStream()).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ada.FetchAsync("stats")).StatusCode);
    }

    private sealed class Endless : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)' ');
            for (var i = 0; i < 32; i++) await stream.WriteAsync(chunk);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
