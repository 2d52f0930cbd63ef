using Errand.Storage;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>Clients with their secrets, and collections.</summary>
public abstract class IdentitySuite(StorageFixture fixture) : StorageSuite(fixture)
{
    [Fact]
    public async Task A_client_reads_back_as_it_was_stored()
    {
        var secrets = new OAuthClientSecret[] { new(Draft.Utf8("new"), Draft.After(1), null), new(Draft.Utf8("old"), Draft.After(0), Draft.After(60)) };
        var client = Client("c1") with { Scopes = ["jobs.submit", "data_tables|r"], Roles = ["member"], Secrets = secrets, Generation = 7, RevokedAt = Draft.After(9) };
        Expect.That(await Storage.Security.SaveClientAsync(client, Stop), "the id is free");

        var found = Expect.NotNull(await Storage.Security.FindClientAsync("c1", Stop), "it was stored");

        Expect.Same(client.Scopes, found.Scopes, "scopes are kept");
        Expect.Same(client.Roles, found.Roles, "roles are kept");
        Expect.Same(secrets.Select(s => (s.CreatedAt, s.ExpiresAt)), found.Secrets.Select(s => (s.CreatedAt, s.ExpiresAt)), "secrets keep their order and their ends");
        Expect.Bytes(secrets[0].Hash, found.Secrets[0].Hash, "the hash is compared byte for byte");
        Expect.Bytes(secrets[1].Hash, found.Secrets[1].Hash, "the hash is compared byte for byte");
        Expect.Equal(client, found with { Scopes = client.Scopes, Roles = client.Roles, Secrets = secrets }, "all else is kept");
        Expect.Null(await Storage.Security.FindClientAsync("c2", Stop), "there is no such client");
    }

    [Fact]
    public async Task Clients_are_listed_by_id()
    {
        foreach (var id in new[] { "b", "c", "a" }) await Storage.Security.SaveClientAsync(Client(id), Stop);

        Expect.Same(["a", "b", "c"], (await Storage.Security.ListClientsAsync(Stop)).Select(c => c.Id), "by id");
    }

    [Fact]
    public async Task A_client_is_replaced_only_by_its_next_version()
    {
        await Storage.Security.SaveClientAsync(Client("c1"), Stop);

        Expect.That(!await Storage.Security.SaveClientAsync(Client("c1") with { Tenant = "other" }, Stop), "the id is taken");
        Expect.That(!await Storage.Security.SaveClientAsync(Client("c1") with { Version = 3 }, Stop), "version 2 is not there");
        Expect.That(!await Storage.Security.SaveClientAsync(Client("none") with { Version = 2 }, Stop), "there is no such client");
        Expect.That(await Storage.Security.SaveClientAsync(Client("c1") with { Version = 2, Generation = 1 }, Stop), "the next version");
        Expect.That(!await Storage.Security.SaveClientAsync(Client("c1") with { Version = 2 }, Stop), "somebody was first");

        var found = Expect.NotNull(await Storage.Security.FindClientAsync("c1", Stop), "it is there");
        Expect.Equal((2L, 1, Draft.Tenant), (found.Version, found.Generation, found.Tenant), "only the one change was made");
        Expect.Null(await Storage.Security.FindClientAsync("none", Stop), "nothing was stored");
    }

    [Fact]
    public async Task Collections_read_back_by_tenant_and_name()
    {
        var collection = new JobCollection("b", "reports", 1, ["ada", "bob"], ["report.export"], ["nightly"]);
        Expect.That(await Storage.Security.SaveCollectionAsync(collection, Stop), "the name is free");
        Expect.That(await Storage.Security.SaveCollectionAsync(new JobCollection("a", "reports", 1, [], [], []), Stop), "a name is free in each tenant");

        var all = await Storage.Security.ListCollectionsAsync(Stop);

        Expect.Same([("a", "reports"), ("b", "reports")], all.Select(c => (c.Tenant, c.Name)), "by tenant and name");
        Expect.Same(collection.Members, all[1].Members, "members are kept");
        Expect.Same(collection.Types, all[1].Types, "types are kept");
        Expect.Same(collection.Schedules, all[1].Schedules, "schedules are kept");
    }

    [Fact]
    public async Task A_collection_is_replaced_only_by_its_next_version_and_can_be_removed()
    {
        var first = new JobCollection(Draft.Tenant, "reports", 1, ["ada"], [], []);
        await Storage.Security.SaveCollectionAsync(first, Stop);

        Expect.That(!await Storage.Security.SaveCollectionAsync(first, Stop), "the name is taken");
        Expect.That(await Storage.Security.SaveCollectionAsync(first with { Version = 2, Members = ["bob"] }, Stop), "the next version");
        Expect.That(!await Storage.Security.SaveCollectionAsync(first with { Version = 2 }, Stop), "somebody was first");
        Expect.Same(["bob"], (await Storage.Security.ListCollectionsAsync(Stop)).Single().Members, "only the one change was made");

        Expect.That(await Storage.Security.RemoveCollectionAsync(Draft.Tenant, "reports", Stop), "it was there");
        Expect.That(!await Storage.Security.RemoveCollectionAsync(Draft.Tenant, "reports", Stop), "it is gone");
        Expect.Same([], await Storage.Security.ListCollectionsAsync(Stop), "none is left");
        Expect.That(await Storage.Security.SaveCollectionAsync(first, Stop), "its name is free again");
    }

    [Fact]
    public async Task Each_change_moves_the_stamp()
    {
        var stamps = new List<long> { await Storage.Security.StampAsync(Stop) };
        async Task After(Func<Task> change)
        {
            await change();
            stamps.Add(await Storage.Security.StampAsync(Stop));
        }

        var collection = new JobCollection(Draft.Tenant, "reports", 1, [], [], []);
        await After(async () => await Storage.Security.SaveClientAsync(Client("c1"), Stop));
        await After(async () => await Storage.Security.SaveClientAsync(Client("c1") with { Version = 2 }, Stop));
        await After(async () => await Storage.Security.SaveCollectionAsync(collection, Stop));
        await After(async () => await Storage.Security.SaveCollectionAsync(collection with { Version = 2 }, Stop));
        await After(async () => await Storage.Security.RemoveCollectionAsync(Draft.Tenant, "reports", Stop));

        Expect.Equal(stamps.Count, stamps.Distinct().Count(), "caches poll the stamp to learn of every change");
    }

    private static OAuthClient Client(string id) => new(id, 1, Draft.Tenant, [], [], [new(Draft.Utf8($"hash of {id}"), Draft.After(0), null)], 0, Draft.After(0), null);
}
