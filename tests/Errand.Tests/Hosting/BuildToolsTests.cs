namespace Errand.Hosting;

public sealed class BuildToolsTests
{
    [Theory]
    [InlineData("GetDocument.Insider")]
    [InlineData("dotnet-getdocument")]
    [InlineData("ef")]
    [InlineData("dotnet-ef")]
    public void A_host_that_a_tool_started_stands_by_and_says_what_would_start_it(string entry) =>
        Assert.Equal($"The host was started by {entry}. Set Errand:Start to true to start it all the same.", BuildTools.Name(entry));

    [Theory]
    [InlineData("Shop")]
    [InlineData("Shop.ef")]
    [InlineData(null)]
    public void An_app_starts(string? entry) => Assert.Null(BuildTools.Name(entry));
}
