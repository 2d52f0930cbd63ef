using Errand.Storage.Memory;
using Microsoft.Extensions.Time.Testing;

namespace Errand.AspNetCore.Tests;

/// <summary>Two nodes on one store.</summary>
public sealed class OAuthClientTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
    private readonly OAuthClients here;
    private readonly OAuthClients there;
    private readonly JobCollections collectionsHere;
    private readonly JobCollections collectionsThere;

    public OAuthClientTests()
    {
        var storage = new MemoryStorage();
        (here, there) = (new OAuthClients(storage, time), new OAuthClients(storage, time));
        (collectionsHere, collectionsThere) = (new JobCollections(storage, time), new JobCollections(storage, time));
    }

    [Fact]
    public async Task A_rotated_secret_holds_for_the_overlap_and_no_longer()
    {
        var first = await here.CreateAsync(new NewClient("ci"), Stop);
        var second = await here.RotateAsync("ci", TimeSpan.FromHours(1), Stop);

        Assert.NotNull(await here.VerifyAsync("ci", first.Text, "", Stop));
        Assert.NotNull(await here.VerifyAsync("ci", second!.Text, "", Stop));
        Assert.Null(await here.VerifyAsync("ci", first.Text + "x", "", Stop));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await here.VerifyAsync("ci", first.Text, "", Stop));
        Assert.NotNull(await here.VerifyAsync("ci", second.Text, "", Stop));
    }

    [Fact]
    public async Task A_rotation_without_overlap_begins_another_generation()
    {
        var first = await here.CreateAsync(new NewClient("ci"), Stop);
        var before = await here.FindAsync("ci", Stop);
        await here.RotateAsync("ci", TimeSpan.Zero, Stop);

        Assert.Null(await here.VerifyAsync("ci", first.Text, "", Stop));
        Assert.NotEqual(before!.Generation, (await here.FindAsync("ci", Stop))!.Generation);
    }

    [Fact]
    public async Task A_revoked_client_ends_at_once_here_and_within_a_second_elsewhere_and_keeps_its_id()
    {
        var created = await here.CreateAsync(new NewClient("ci"), Stop);
        Assert.NotNull(await there.VerifyAsync("ci", created.Text, "", Stop));

        Assert.True(await here.RevokeAsync("ci", Stop));

        Assert.Null(await here.VerifyAsync("ci", created.Text, "", Stop));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await there.VerifyAsync("ci", created.Text, "", Stop));
        Assert.Null(await there.RotateAsync("ci", TimeSpan.Zero, Stop));
        Assert.False(await there.RevokeAsync("ci", Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await there.CreateAsync(new NewClient("ci"), Stop));
    }

    [Fact]
    public async Task Members_learn_of_their_collections_within_a_second()
    {
        var ada = new JobCaller("acme", "ada");
        Assert.Empty(await collectionsThere.OfAsync(ada, Stop));
        Assert.True(await collectionsHere.CreateAsync("acme", "reports", Stop));
        Assert.False(await collectionsHere.CreateAsync("acme", "reports", Stop));
        await collectionsHere.ChangeAsync("acme", "reports", c => c with { Members = ["ada"], Types = ["report.export"] }, Stop);
        time.Advance(TimeSpan.FromSeconds(1));

        var shared = Assert.Single(await collectionsThere.OfAsync(ada with { SeesAll = true }, Stop));
        Assert.Equal(["report.export"], shared.Types);
        Assert.Empty(await collectionsThere.OfAsync(new JobCaller("umbrella", "ada"), Stop));
        Assert.True(await collectionsHere.RemoveAsync("acme", "reports", Stop));
        Assert.Empty(await collectionsHere.OfAsync(ada, Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
