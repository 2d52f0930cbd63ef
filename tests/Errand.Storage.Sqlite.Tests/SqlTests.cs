using System.Globalization;
using System.Text;

namespace Errand.Storage.Sqlite.Tests;

/// <summary>Every statement fits the schema, and each index that one insists on can serve it.</summary>
public sealed class SqlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_statement_can_be_prepared()
    {
        using var db = OpenMigrated();
        db.Run(Sql.Of("outbox", "create"));
        foreach (var file in Resources("Sql").Select(Path.GetFileNameWithoutExtension).Where(file => file != "fragments"))
        {
            foreach (var name in Sql.NamesIn(file!))
            {
                var failure = Record.Exception(() => db.Use(Sql.Of(file!, name)).Dispose());
                Assert.True(failure is null, $"{file}.sql, {name}: {failure?.Message}");
            }
        }
    }

    [Fact]
    public void A_list_walks_along_an_index_from_its_cursor_and_sorts_nothing()
    {
        using var db = OpenMigrated();
        foreach (var name in Sql.NamesIn("list"))
        {
            var plan = db.List(new Sql("EXPLAIN QUERY PLAN " + Encoding.UTF8.GetString(Sql.Of("list", name).Text)), _ => { }, Detail);
            Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));

            // Of the claimed jobs there are never many: all of them are looked through, in their index alone.
            var search = name == "claimed" ? "SCAN jobs USING COVERING INDEX jobs_claimed" : "SEARCH ";
            Assert.All(plan, step => Assert.StartsWith(search, step, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Migrations_are_numbered_without_a_gap()
    {
        var versions = Resources("Migrations").Select(name => int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture)).Order();
        Assert.Equal(Enumerable.Range(1, Migrations.Newest), versions);
    }

    [Fact]
    public void A_tombstone_takes_at_most_64_bytes()
    {
        const int Tombstones = 50_000;
        using var db = OpenMigrated();
        var insertTombstone = Sql.Of("retention", "insert_tombstone");
        var before = db.ReadNumber("PRAGMA page_count");

        db.Execute("BEGIN");
        for (var i = 0; i < Tombstones; i++)
        {
            db.Run(insertTombstone, insert => insert.Bind(Guid.NewGuid()).Bind(300).Bind(70_000).Bind(DateTimeOffset.UnixEpoch));
        }

        db.Execute("COMMIT");
        var bytes = (db.ReadNumber("PRAGMA page_count") - before) * 4096 / Tombstones;
        Assert.InRange(bytes, 1, 64);
    }

    private static string Detail(Statement step)
    {
        for (var column = 0; column < 3; column++) step.Int32();
        return step.Text();
    }

    private Connection OpenMigrated()
    {
        var db = Connection.Open(Path.Combine(_folder.Path, "errand.db"), readOnly: false, "");
        Migrations.Apply(db, "errand.db", DateTimeOffset.UnixEpoch);
        return db;
    }

    private static IEnumerable<string> Resources(string folder)
    {
        var prefix = $"Errand.Storage.Sqlite.{folder}.";
        var names = typeof(Sql).Assembly.GetManifestResourceNames();
        return names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);
    }
}
