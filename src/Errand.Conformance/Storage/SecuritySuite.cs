using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Access tokens and keys.</summary>
public abstract class SecuritySuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_token_reads_back_as_it_was_stored()
    {
        var token = Token("t1", 0) with { Scopes = ["jobs.submit", "jobs.read"], Roles = ["member"], ExpiresAt = Draft.After(60) };
        await Storage.Security.AddTokenAsync(token, Stop);

        var found = Expect.NotNull(await Storage.Security.FindTokenAsync("t1", Stop), "it was stored");

        Expect.Bytes(token.SecretHash, found.SecretHash, "the hash is compared byte for byte");
        Expect.Same(token.Scopes, found.Scopes, "scopes are kept");
        Expect.Same(token.Roles, found.Roles, "roles are kept");
        Expect.Equal(token, found with { SecretHash = token.SecretHash, Scopes = token.Scopes, Roles = token.Roles }, "all else is kept");
        Expect.Null(await Storage.Security.FindTokenAsync("t2", Stop), "there is no such token");
    }

    [Fact]
    public async Task Tokens_are_listed_newest_first()
    {
        foreach (var (id, at) in new[] { ("b", 10), ("a", 30), ("c", 20) }) await Storage.Security.AddTokenAsync(Token(id, at), Stop);

        Expect.Same(["a", "c", "b"], (await Storage.Security.ListTokensAsync(Stop)).Select(t => t.Id), "newest first");
    }

    [Fact]
    public async Task A_revoked_token_stays_with_its_end()
    {
        await Storage.Security.AddTokenAsync(Token("t1", 0), Stop);
        await Storage.Security.AddTokenAsync(Token("t2", 0), Stop);

        Expect.That(await Storage.Security.RevokeTokenAsync("t1", Draft.After(5), Stop), "it is there");
        Expect.That(!await Storage.Security.RevokeTokenAsync("unknown", Draft.After(5), Stop), "there is no such token");

        Expect.Equal(Draft.After(5), (await Storage.Security.FindTokenAsync("t1", Stop))!.RevokedAt, "its end is told");
        Expect.Null((await Storage.Security.FindTokenAsync("t2", Stop))!.RevokedAt, "the other one is not touched");
    }

    [Fact]
    public async Task The_first_key_of_a_name_is_everyones()
    {
        var first = await Storage.Security.GetOrAddKeyAsync("cursor", Draft.Utf8("first"), Stop);
        var second = await Storage.Security.GetOrAddKeyAsync("cursor", Draft.Utf8("second"), Stop);
        var other = await Storage.Security.GetOrAddKeyAsync("other", Draft.Utf8("third"), Stop);

        Expect.Bytes(Draft.Utf8("first"), first, "it was not there");
        Expect.Bytes(Draft.Utf8("first"), second, "every caller gets the same");
        Expect.Bytes(Draft.Utf8("third"), other, "another name is another key");
    }

    [Fact]
    public async Task The_stamp_moves_with_tokens_queues_and_types_and_with_nothing_else()
    {
        Func<Task>[] changes =
        [
            async () => await Storage.Security.AddTokenAsync(Token("t1", 0), Stop),
            async () => await Storage.Security.RevokeTokenAsync("t1", Draft.After(5), Stop),
            async () => await Storage.Catalog.SaveQueueAsync(new QueueSettings("bulk", Paused: true), Stop),
            async () => await Storage.Catalog.SaveQueueAsync(new QueueSettings("bulk"), Stop),
            async () => await Storage.Catalog.SaveTypesAsync([new StoredType("work", Draft.Utf8("{}"), Draft.Noon)], Stop),
        ];
        var stamps = new List<long> { await StampAsync() };
        foreach (var change in changes)
        {
            await change();
            stamps.Add(await StampAsync());
        }

        Expect.Equal(stamps.Count, stamps.Distinct().Count(), "caches poll the stamp to learn of every change");

        await FinishNewAsync();
        await Storage.Security.FindTokenAsync("t1", Stop);
        await Storage.Catalog.ListQueuesAsync(Stop);
        await Storage.Security.RevokeTokenAsync("unknown", Draft.After(5), Stop);
        Expect.Equal(stamps[^1], await StampAsync(), "jobs and reads move nothing: under load every cache would be read anew each second");
    }

    private async Task<long> StampAsync() => await Storage.Security.StampAsync(Stop);

    private static AccessToken Token(string id, double at) =>
        new(id, Draft.Utf8($"hash of {id}"), Draft.Tenant, "ada", [], [], Draft.After(at), null, null);
}
