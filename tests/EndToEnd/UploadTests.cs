using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Errand.EndToEnd.Tests;

/// <summary>Tables as they come: with a byte order mark, quotes, line breaks in cells – and broken ones.</summary>
public sealed class UploadTests(Server server) : IClassFixture<Server>
{
    private const int Rows = 100_000;

    [Fact]
    public async Task A_hundred_thousand_rows_with_quotes_and_a_byte_order_mark_each_get_a_result()
    {
        var csv = new StringBuilder("\ufeffn,\"a \"\"quoted\"\" name\",text\r\n");
        for (var n = 0; n < Rows; n++) csv.Append(n).Append(",\"x, y\",\"two\nlines\"\r\n");
        using var answer = await server.UploadCsvAsync(csv.ToString());
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var upload = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(Rows, upload.GetProperty("items").GetInt32());

        var job = await server.WaitForEndAsync(
            await server.SubmitAsync(new { type = "rows.count", itemsFrom = upload.GetProperty("id").GetString() }), TimeSpan.FromMinutes(2));
        Assert.Equal("succeeded", job.GetProperty("status").GetString());
        Assert.Equal(Rows, job.GetProperty("result").GetProperty("rows").GetInt32());
        Assert.Equal(Rows, job.GetProperty("progress").GetProperty("completed").GetInt64());
        Assert.Equal(1, job.GetProperty("progress").GetProperty("failed").GetInt64());

        var failed = (await server.GetAsync($"/v1/jobs/{job.GetProperty("id")}/items?status=failed")).GetProperty("items");
        Assert.Equal(1, failed.GetArrayLength());
        Assert.Equal("unlucky", failed[0].GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("n,m\r\n1,2\r\n3\r\n", "3")]
    [InlineData("n,n\r\n1,2\r\n", "n")]
    [InlineData("", "first line")]
    public async Task A_broken_table_is_refused_with_the_place(string csv, string place)
    {
        using var answer = await server.UploadCsvAsync(csv);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(place, JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString() + body, StringComparison.Ordinal);
    }
}
