using Microsoft.Extensions.DependencyInjection;

namespace Errand.Handlers.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void What_is_wrong_with_an_http_type_is_told_at_once()
    {
        var options = new HttpHandlerOptions
        {
            Url = "ftp://example.com",
            Method = "GET",
            RequestTimeout = TimeSpan.Zero,
            Headers = new Dictionary<string, string> { ["Host"] = "x", ["Bad Name"] = "x", ["X-A"] = "a\r\nX-Evil: y" },
            CallerUrls = new OutboundRules { AllowedNetworks = ["10.0.0.0/99"], AllowedPorts = [0] },
        };

        Assert.Equal(
            ["#/url", "#/method", "#/requestTimeout", "#/headers/Host", "#/headers/Bad Name", "#/headers/X-A", "#/callerUrls/allowedNetworks/0", "#/callerUrls/allowedPorts/0"],
            options.Validate().Select(error => error.Pointer));
    }

    [Theory]
    [InlineData("http://{host}/x"), InlineData("{scheme}://a/x"), InlineData("http://a:{port}/"), InlineData("http://{a}")]
    [InlineData("http://a/{b"), InlineData("http://a/b}"), InlineData("http://a/{{b}}"), InlineData("http://a/{}"), InlineData("nothing"), InlineData("http://u:p@a/{b}")]
    public void A_template_that_could_lead_elsewhere_is_refused(string url) =>
        Assert.Equal("#/url", Assert.Single(new HttpBatchHandlerOptions { Url = url }.Validate()).Pointer);

    [Theory]
    [InlineData("http://a/{b}"), InlineData("https://a:8443/x/{b}/y?q={c}&r={d}"), InlineData("http://a?x={b}"), InlineData("http://a/plain")]
    public void A_template_with_fields_in_path_and_query_is_fine(string url) =>
        Assert.Empty(new HttpBatchHandlerOptions { Url = url }.Validate());

    [Fact]
    public void A_type_that_cannot_work_is_not_registered()
    {
        var exception = Assert.Throws<InvalidOperationException>(
            () => new Registered().AddHttpType(new JobType { Name = "report.export" }, new HttpHandlerOptions()));

        Assert.Contains("'report.export'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("#/url", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_tried_once_unless_its_type_says_otherwise()
    {
        await using var named = Registered.With(errand => errand.AddCommandType("a.job", new CommandHandlerOptions { Command = ["sh"] }));
        await using var typed = Registered.With(errand => errand.AddCommandType(new JobType { Name = "a.job", MaxAttempts = 4 }, new CommandHandlerOptions { Command = ["sh"] }));

        Assert.Equal((1, 4), (named.Registration.Type.MaxAttempts, typed.Registration.Type.MaxAttempts));
        Assert.Equal("command", named.Registration.Type.Handler);
    }
}
