namespace Errand.Cli.Tests;

/// <summary>Each ending has its own number, and the number is a promise to scripts.</summary>
public sealed class ExitCodeTests(TestServer server)
{
    [Fact]
    public async Task A_job_that_succeeds_is_0() => Assert.Equal(0, (await server.RunAsync("submit", "t.ok", "--wait")).Code);

    [Fact]
    public async Task A_wrong_option_is_2() => Assert.Equal(2, (await server.RunAsync("list", "--nonsense")).Code);

    [Fact]
    public async Task A_missing_argument_is_2() => Assert.Equal(2, (await server.RunAsync("show")).Code);

    [Fact]
    public async Task An_unknown_command_is_2_and_names_the_one_that_was_meant()
    {
        var ran = await server.RunAsync("shw", "x");
        Assert.Equal(2, ran.Code);
        Assert.Contains("Did you mean 'show'?", ran.Error, StringComparison.Ordinal);
        Assert.Empty(ran.Out);
    }

    [Fact]
    public async Task A_request_that_the_server_finds_wrong_is_2_and_names_the_field()
    {
        var ran = await server.RunAsync("submit", "t.ok", "--priority", "12");
        Assert.Equal(2, ran.Code);
        Assert.Contains("#/priority", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_fails_is_3() => Assert.Equal(3, (await server.RunAsync("submit", "t.fail", "--wait")).Code);

    [Fact]
    public async Task The_result_of_a_failed_job_is_3() =>
        Assert.Equal(3, (await server.RunAsync("result", await server.FinishAsync("t.fail"))).Code);

    [Fact]
    public async Task No_token_is_4() => Assert.Equal(4, (await Ran.Async(["list", "--url", server.Url])).Code);

    [Fact]
    public async Task A_missing_scope_is_4_and_names_it()
    {
        var reader = await server.TokenAsync("reader", "--scopes", "jobs.read");
        var ran = await Ran.Async(["submit", "t.ok", "--url", server.Url, "--token", reader]);
        Assert.Equal(4, ran.Code);
        Assert.Contains("jobs.submit", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "00000000000070008000000000000000")]
    [InlineData("wait", "00000000000070008000000000000000")]
    [InlineData("watch", "nobody-knows")]
    [InlineData("submit", "t.unheard")]
    public async Task What_is_not_there_is_5(string command, string what) => Assert.Equal(5, (await server.RunAsync(command, what)).Code);

    [Fact]
    public async Task A_job_of_somebody_else_is_5()
    {
        var stranger = await server.TokenAsync("stranger");
        var id = await server.SubmitAsync("t.idle");
        Assert.Equal(5, (await Ran.Async(["show", id, "--url", server.Url, "--token", stranger])).Code);
    }

    [Fact]
    public async Task A_key_that_was_used_for_something_else_is_6()
    {
        await server.SubmitAsync("t.ok", "--idempotency-key", "exit-6");
        Assert.Equal(6, (await server.RunAsync("submit", "t.fail", "--idempotency-key", "exit-6")).Code);
    }

    [Fact]
    public async Task The_result_of_a_job_that_is_not_finished_is_6() =>
        Assert.Equal(6, (await server.RunAsync("result", await server.SubmitAsync("t.idle"))).Code);

    [Fact]
    public async Task A_job_whose_items_partly_failed_is_7() =>
        Assert.Equal(7, (await server.RunAsync("submit", "t.partial", "--wait")).Code);

    [Fact]
    public async Task A_canceled_job_is_8()
    {
        var id = await server.SubmitAsync("t.idle");
        await server.RunAsync("cancel", id);
        Assert.Equal(8, (await server.RunAsync("wait", id)).Code);
        Assert.Equal(8, (await server.RunAsync("result", id)).Code);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_9_and_says_how_to_start_one()
    {
        var ran = await Ran.Async(["list", "--url", "http://127.0.0.1:1"]);
        Assert.Equal(9, ran.Code);
        Assert.Contains("errand dev", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_ends_first_is_124_and_the_job_goes_on()
    {
        var id = await server.SubmitAsync("t.idle");
        Assert.Equal(124, (await server.RunAsync("wait", id, "--timeout", "50ms")).Code);
        Assert.Equal(124, (await server.RunAsync("submit", "t.idle", "--wait", "--timeout", "50ms")).Code);
        Assert.Equal("queued", (await server.RunAsync("show", id, "-o", "json")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_interrupt_is_130()
    {
        using var interrupt = new CancellationTokenSource();
        await interrupt.CancelAsync();
        var id = await server.SubmitAsync("t.idle");
        Assert.Equal(130, (await Ran.Async(["wait", id, "--url", server.Url], cancellationToken: interrupt.Token)).Code);
    }

    [Fact]
    public async Task The_worst_ending_of_several_jobs_counts()
    {
        var ids = await Task.WhenAll(server.SubmitAsync("t.ok"), server.SubmitAsync("t.partial"), server.SubmitAsync("t.fail"));
        Assert.Equal(3, (await server.RunAsync(["wait", .. ids])).Code);
        Assert.Equal(7, (await server.RunAsync("wait", ids[0], ids[1])).Code);
    }
}
