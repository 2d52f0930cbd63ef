namespace Errand.Cli.Tests;

public sealed class OutputsTests(TestServer server) : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_formats_of_an_output_are_downloaded_under_their_names()
    {
        var id = await server.FinishAsync("t.output");
        var ran = await server.RunAsync("outputs", id, "--download", _scratch.Folder("all"));
        Assert.Equal(2, ran.Lines.Length);
        Assert.Equal("n\n", await File.ReadAllTextAsync(Path.Combine(_scratch.Folder("all"), "out.csv")));
        Assert.Equal("[1]\n", await File.ReadAllTextAsync(Path.Combine(_scratch.Folder("all"), "out.json")));
        Assert.Equal(2, Directory.GetFiles(_scratch.Folder("all")).Length);
    }

    [Fact]
    public async Task One_format_is_downloaded_alone()
    {
        var id = await server.FinishAsync("t.output");
        await server.RunAsync("outputs", id, "--download", _scratch.Folder("one"), "--format", "json");
        Assert.Equal("out.json", Path.GetFileName(Assert.Single(Directory.GetFiles(_scratch.Folder("one")))));
        Assert.Equal(5, (await server.RunAsync("outputs", id, "--download", _scratch.Folder("none"), "--format", "pdf")).Code);
    }

    [Fact]
    public async Task A_result_is_printed_byte_for_byte() =>
        Assert.Equal("{\"rows\":3}\n", (await server.RunAsync("result", await server.FinishAsync("t.ok"))).Out);

    [Fact]
    public async Task A_success_without_a_result_says_so_and_prints_nothing()
    {
        var ran = await server.RunAsync("result", await server.FinishAsync("t.output"));
        Assert.Equal(0, ran.Code);
        Assert.Empty(ran.Out);
        Assert.Contains("without a result", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_are_filtered_by_what_became_of_them()
    {
        var id = await server.FinishAsync("t.partial");
        var ran = await server.RunAsync("items", id, "--status", "failed");
        Assert.Contains("unlucky: b is not for us", ran.Out, StringComparison.Ordinal);
        Assert.Equal(["a", "c"], (await server.RunAsync("items", id, "--status", "succeeded", "-o", "id")).Lines);
    }
}
