using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Errand.Testing.Tests;

/// <summary>What docs/testing/fake-vendors.md shows can be said, and is understood.</summary>
public sealed partial class PageTests
{
    private static readonly string Page = File.ReadAllText(PathOf());

    public static TheoryData<string> Clauses =>
        [.. Page.Split('\n').SkipWhile(line => !line.StartsWith("| clause", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).SelectMany(line => Code().Matches(line.Split('|')[1])).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Clauses))]
    public void Every_clause_of_the_page_is_one(string clause)
    {
        Assert.True(VendorScript.TryParse(clause, out var script, out var fault), fault);
        Assert.Equal(script.ToString(), VendorScript.Parse(script.ToString()).ToString());
    }

    [Fact]
    public void The_page_tells_of_every_kind_of_clause()
    {
        string[] kinds = ["after", "at once", "fail", "cancel", "queued", "items", "all items", "stuck", "slow", "429", "drop", "lag", "expired", "expire after", "result", "output", "message", "for "];
        var told = string.Join('\n', Clauses.Select(row => row.Data));
        Assert.All(kinds, kind => Assert.Contains(kind, told, StringComparison.Ordinal));
    }

    [Fact]
    public void The_JSON_form_of_the_page_is_a_script() => Assert.Contains("lag 1s", VendorScript.FromJson(Block("\"queued\"")).ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task The_seed_of_the_page_is_answered()
    {
        // The three vendors' jobs lie in one file; each stand-in takes its own.
        var seed = System.Text.Json.JsonElement.Parse(Block("\"zendesk\""));
        foreach (var (vendor, url) in new[]
        {
            (VendorNames.Zendesk, "/api/v2/job_statuses/8b726e606741012ffc2d782bcb7848fe"), (VendorNames.Workiva, "/operations/129g274495354cf18edb6b3ea3d023b2"),
            (VendorNames.Workiva, "/spreadsheets/v1/queue-jobs/bd9iOjhlYmViZDY2"), (VendorNames.Alteryx, "v3/jobs/66ebd18d3d6200007e000d8c"),
        })
        {
            await using var fake = await FakeVendor.StartAsync(vendor, new FakeVendorOptions { Seed = $"{{ \"{vendor}\": {seed.GetProperty(vendor).GetRawText()} }}" });
            using var caller = new Caller(fake);
            Assert.Equal(200, (await caller.GetAsync(url)).Status);
        }
    }

    private static string Block(string member) => JsonBlock().Matches(Page).Select(match => match.Groups["block"].Value).First(block => block.Contains(member, StringComparison.Ordinal));

    private static string PathOf([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "testing", "fake-vendors.md");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("```json\n(?<block>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonBlock();
}
