using Microsoft.Extensions.Time.Testing;

namespace Errand.Storage.PostgreSql.Tests;

public sealed class ReadFenceTests
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly ReadFence _fence;
    private Func<Task> _beat = () => Task.CompletedTask;

    public ReadFenceTests() => _fence = new ReadFence("db", Term, _time) { Beat = () => _beat() };

    [Fact]
    public async Task It_is_shut_until_a_commit_came_through()
    {
        await Assert.ThrowsAsync<StorageException>(async () => await _fence.PassAsync());

        _fence.Confirm(_time.GetTimestamp());
        await _fence.PassAsync();
    }

    [Fact]
    public async Task A_commit_counts_from_when_it_was_sent()
    {
        var sent = _time.GetTimestamp();
        _time.Advance(Term);
        _fence.Confirm(sent);
        await _fence.PassAsync();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<StorageException>(async () => await _fence.PassAsync());
    }

    [Fact]
    public async Task A_node_that_was_stopped_for_long_commits_before_it_shows_anything()
    {
        _fence.Confirm(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromHours(1));
        var beats = 0;
        _beat = () =>
        {
            beats++;
            _fence.Confirm(_time.GetTimestamp());
            return Task.CompletedTask;
        };

        await _fence.PassAsync();
        Assert.Equal(1, beats);
    }

    [Fact]
    public async Task A_beat_that_does_not_end_is_not_waited_for_for_ever()
    {
        var never = new TaskCompletionSource();
        _beat = () => never.Task;

        var pass = _fence.PassAsync().AsTask();
        Assert.False(pass.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(StorageFault.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => pass)).Fault);
    }

    [Fact]
    public void A_server_before_the_last_promotion_is_refused()
    {
        var promotions = 0;
        var fence = new ReadFence("db", Term, _time) { Promoted = () => promotions++ };
        fence.See(null);
        fence.See(3);
        fence.See(3);
        Assert.Equal(0, promotions);

        fence.See(4);
        Assert.Equal(1, promotions);
        var refused = Assert.Throws<StorageException>(() => fence.See(3));
        Assert.Contains("a standby was promoted", refused.Message, StringComparison.Ordinal);
        fence.See(4);
    }
}
