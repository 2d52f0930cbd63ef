namespace Errand.Testing.Tests;

/// <summary>The three forms of a script – methods, words, JSON – say the same, and what is wrong in one is named.</summary>
public sealed class ScriptTests
{
    public static readonly TheoryData<string, string> Same = new()
    {
        { "after 3 polls complete", "after 3 polls complete" },
        { "AFTER_IS_DEFAULT", "after 1 poll complete" },
        { "at once fail", "after 0 polls fail Scripted \"Failed as the script says.\"" },
        { "after 10s fail Broken", "after 10s fail Broken \"Failed as the script says.\"" },
        { "after 90s fail \"It broke.\"", "after 90s fail Scripted \"It broke.\"" },
        { "cancel 'by an admin'", "after 1 poll cancel \"by an admin\"" },
        { "429 twice, then fine", "after 1 poll complete, 429 twice" },
        { "503 3 times on start retry after 5s; drop once", "after 1 poll complete, 503 3 times on start retry after 5s, drop once" },
        { "queued 2 polls then stuck", "queued 2 polls, stuck" },
        { "slow and lag 250ms", "after 1m complete, lag 250ms" },
        { "items 3,7 fail Locked, all items fail", "after 1 poll complete, items 3,7 fail Locked \"Failed as the script says.\", all items fail Scripted \"Failed as the script says.\"" },
        { "expired", "after 0 polls complete, expire after 0 polls" },
        { "after 2 polls expire", "after 2 polls complete, expire after 0 polls" },
        { "complete, expire after 1h", "after 1 poll complete, expire after 1h" },
        { "result {\"rows\":3}, output a.csv \"x,\\\"y\\\"\", for every job", "after 1 poll complete, result {\"rows\":3}, output a.csv x,\"y\", for every job" },
        { "message hello, message error 'Disk full', for 3 jobs", "after 1 poll complete, message info hello, message error \"Disk full\", for 3 jobs" },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Words_are_read_and_written(string words, string expected)
    {
        var script = words == "AFTER_IS_DEFAULT" ? VendorScript.Default : VendorScript.Parse(words);
        Assert.Equal(expected, script.ToString());
        Assert.Equal(expected, VendorScript.Parse(expected).ToString());
        Assert.Equal(expected, VendorScript.FromJson(script.ToJson()).ToString());
    }

    [Fact]
    public void Methods_say_the_same_as_words()
    {
        var script = VendorScript.Default.QueuedForPolls(1).AfterTime(TimeSpan.FromSeconds(10)).FailItems("Locked", "It is locked.", "3", "#4").Answer(429, 2).AnswerStart(503)
            .Drop().WithLag(TimeSpan.FromSeconds(1)).ExpireAfterPolls(2).ForJobs(2);
        Assert.Equal(
            VendorScript.Parse(
                "queued 1 poll, after 10s complete, items 3,#4 fail Locked 'It is locked.', 429 twice, 503 on start, drop, lag 1s, expire after 2 polls, for 2 jobs").ToString(),
            script.ToString());
    }

    [Fact]
    public void Words_of_a_shell_need_no_quotes_of_their_own() => Assert.Equal(
        "after 2 polls complete, items 3 fail Locked \"It is locked.\"",
        VendorScript.Parse(["after", "2", "polls", "complete,", "items", "3", "fail", "Locked", "It is locked."]).ToString());

    [Fact]
    public void Json_is_as_the_page_shows_it() => Assert.Equal(
        "after 3 polls fail Broken \"It broke.\", items 3 fail Locked \"It is locked.\", 429 twice retry after 5s, for every job",
        VendorScript.FromJson(
            """
            {
              "after": "3 polls", "end": "fail", "error": { "code": "Broken", "message": "It broke." },
              "items": [{ "keys": ["3"], "error": { "code": "Locked", "message": "It is locked." } }],
              "faults": [{ "status": 429, "times": 2, "retryAfter": "5s" }],
              "jobs": "every"
            }
            """).ToString());

    [Fact]
    public void Json_may_leave_out_what_words_may() => Assert.Equal(
        "after 1 poll fail Broken \"Failed as the script says.\", all items fail Scripted \"Failed as the script says.\", output a.csv \"\"",
        VendorScript.FromJson("""{ "end": "fail", "error": { "code": "Broken" }, "items": [{}], "outputs": [{ "fileName": "a.csv" }] }""").ToString());

    [Theory]
    [InlineData("", "at least one clause")]
    [InlineData("explode", "No clause begins with 'explode'")]
    [InlineData("complet", "Did you mean 'complete'?")]
    [InlineData("after soon complete", "'soon' is no moment")]
    [InlineData("after 3 polls explode", "'explode' is no end")]
    [InlineData("after 3 polls complete now", "'now' is one word too many")]
    [InlineData("418 twice", "418 cannot be answered")]
    [InlineData("429 often", "'often' is not expected")]
    [InlineData("429 0 times", "1 to 1,000,000 times")]
    [InlineData("items fail", "the items are missing")]
    [InlineData("items 3", "what happens to the items is missing")]
    [InlineData("result {", "The result is not JSON")]
    [InlineData("output ../x 1", "is no name of a file")]
    [InlineData("for 0 jobs", "1 to 1,000,000 jobs")]
    [InlineData("fail \"never closed", "has no end")]
    [InlineData("lag 20m", "The lag is 0 to 10 minutes")]
    public void What_is_wrong_is_named(string words, string expected)
    {
        Assert.False(VendorScript.TryParse(words, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "afterr": "3 polls" }""", "afterr")]
    [InlineData("""{ "after": "soon" }""", "after: 'soon' is no moment")]
    [InlineData("""{ "jobs": "some" }""", "jobs: a whole number")]
    [InlineData("""{ "faults": [{ "status": 429, "on": "never" }] }""", "neither poll nor start")]
    [InlineData("null", "A script is a JSON object")]
    public void What_is_wrong_in_JSON_is_named(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => VendorScript.FromJson(json)).Message, StringComparison.Ordinal);
}
