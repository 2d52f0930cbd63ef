using System.Text;

namespace Errand.Storage.PostgreSql.Tests;

public sealed class HintTextTests
{
    private static readonly Guid Node = Guid.NewGuid();
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_one_node_writes_another_reads()
    {
        (string, string, string)[] work = [("a b\nc", "default", "report.export"), ("übung", "bulk", "mail")];
        JobChanged[] jobs =
        [
            new(new JobKey("a b\nc", JobId.New(Noon)), 3, 0, Finished: false), new(new JobKey("übung", JobId.New(Noon)), 4, 17, Finished: true),
            new(new JobKey("a b\nc", JobId.New(Noon)), 0, 5, Finished: false),
        ];

        var ear = new Ear();
        foreach (var text in HintText.Write(Node, work, jobs)) Assert.True(HintText.Read(text, Guid.NewGuid(), ear));

        Assert.Equal(work, ear.Work);
        Assert.Equal(jobs.OrderBy(job => job.Key.Id), ear.Jobs.OrderBy(job => job.Key.Id));
    }

    [Fact]
    public void A_node_does_not_hear_itself()
    {
        var ear = new Ear();
        foreach (var text in HintText.Write(Node, [("default", "default", "work")], [])) Assert.False(HintText.Read(text, Node, ear));
        Assert.Empty(ear.Work);
    }

    [Fact]
    public void Many_jobs_travel_in_texts_that_the_server_takes()
    {
        var jobs = Enumerable.Range(0, 1_000).Select(i => new JobChanged(new JobKey(i % 2 == 0 ? "even" : "ödd", JobId.New(Noon)), i + 1, 0, false)).ToList();
        var texts = HintText.Write(Node, [], jobs).ToList();
        var ear = new Ear();
        foreach (var text in texts) HintText.Read(text, Guid.NewGuid(), ear);

        Assert.All(texts, text => Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 7_999));
        Assert.Equal(jobs.OrderBy(job => job.Key.Id), ear.Jobs.OrderBy(job => job.Key.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no node\n@default default work")]
    [InlineData("00000000000000000000000000000001\n@\n+\n@a b\nid 1 x!\n!\n?new kind of line")]
    public void What_it_does_not_understand_is_passed_over(string text)
    {
        var ear = new Ear();
        HintText.Read(text, Node, ear);
        Assert.Empty(ear.Jobs);
        Assert.Empty(ear.Work);
    }
}
