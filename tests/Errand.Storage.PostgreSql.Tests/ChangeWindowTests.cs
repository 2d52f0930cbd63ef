namespace Errand.Storage.PostgreSql.Tests;

public sealed class ChangeWindowTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly ChangeWindow _window = new();

    [Fact]
    public void A_look_begins_some_seconds_before_the_last_one_and_what_lies_further_back_is_done()
    {
        for (var second = 0; second < 60; second++) Look(second, oldest: 100 + second, next: 100 + second);

        Assert.Equal(Noon.AddSeconds(44), Look(60, oldest: 160, next: 160).At);
    }

    [Fact]
    public void A_transaction_that_goes_on_keeps_the_look_at_its_beginning()
    {
        for (var second = 0; second < 30; second++) Look(second, oldest: 100 + second, next: 100 + second);
        for (var second = 30; second < 120; second++) Look(second, oldest: 129, next: 101 + second);

        var begin = Look(120, oldest: 129, next: 221);
        Assert.Equal(Noon.AddSeconds(14), begin.At);
        Assert.Equal(1_014, begin.Sequence);
        Look(121, oldest: 222, next: 222);
        Assert.Equal(Noon.AddSeconds(106), Look(122, oldest: 223, next: 223).At);
    }

    [Fact]
    public void No_transaction_keeps_it_for_longer_than_five_minutes()
    {
        for (var second = 0; second <= 600; second++) Look(second, oldest: 50, next: 100 + second);

        Assert.Equal(Noon.AddSeconds(600 - 300 - 15), Look(601, oldest: 50, next: 701).At);
    }

    [Fact]
    public void A_promoted_server_that_counts_from_further_back_loses_nothing()
    {
        for (var second = 0; second < 60; second++) Look(second, oldest: 1_000 + second, next: 1_000 + second);

        Assert.Equal(Noon.AddSeconds(44), Look(60, oldest: 900, next: 900).At);
        Assert.Equal(Noon.AddSeconds(44), Look(61, oldest: 901, next: 901).At);
    }

    private ChangeMark Look(int second, long oldest, long next)
    {
        var mark = new ChangeMark(Noon.AddSeconds(second), oldest, next, 1_000 + second);
        var begin = _window.Begin(mark);
        _window.Took(mark);
        return begin;
    }
}
