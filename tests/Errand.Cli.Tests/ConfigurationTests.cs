using Errand.Server.Configuration;

namespace Errand.Cli.Tests;

public sealed class ConfigurationTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_sample_is_right()
    {
        var config = ServerConfig.Load(Documents.PathOf("samples/errand.json"), []);
        Assert.Equal(["timezones.transitions", "rows.profile"], config.Types.Select(type => type.Type.Name));
    }

    [Fact]
    public void The_manual_shows_a_configuration_that_is_right()
    {
        var manual = Documents.Read("docs/operating/configuration.md");
        var begin = manual.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        var example = manual[begin..manual.IndexOf("```", begin, StringComparison.Ordinal)];
        var config = ServerConfig.Load(_scratch.File("errand.json", example), []);
        Assert.Equal(4, config.Types.Count);
    }

    [Fact]
    public void A_worker_may_open_all_its_slots_at_once()
    {
        var config = ServerConfig.Load(_scratch.File("errand.json", """{ "worker": { "slowStart": "0s" } }"""), []);
        Assert.Equal(TimeSpan.Zero, config.Worker.SlowStart);
        Assert.Throws<ConfigException>(() => ServerConfig.Load(_scratch.File("errand.json", """{ "worker": { "drainTimeout": "0s" } }"""), []));
    }

    [Fact]
    public void Schedules_and_the_wire_of_alteryx_are_read()
    {
        var config = ServerConfig.Load(_scratch.File("errand.json", """
            {
              "types": { "a.b": { "handler": "none", "collections": ["finance"],
                         "alteryx": { "workflowId": "67C41E559BE2D1000043A6C0", "name": "AB", "questions": { "Region": { "value": "eu", "items": { "eu": "Europe" } } } } } },
              "dialects": { "alteryx": { "messagesAsArray": true } },
              "schedules": { "nightly": { "cron": "0 2 * * *", "timeZone": "Europe/Berlin", "overlap": "skip", "job": { "type": "a.b", "input": { "x": 1 } } },
                             "poll": { "every": "15m", "owner": "feeds", "job": { "type": "a.b" } } }
            }
            """), []);

        Assert.Equal(("67c41e559be2d1000043a6c0", "Region"), (config.Types[0].Alteryx!.WorkflowId, config.Types[0].Alteryx!.Questions[0].Name));
        Assert.Equal(["finance"], config.Types[0].Type.Collections);
        Assert.Equal(("/webapi", true), (config.Dialects[0].Path, Assert.IsType<AlteryxConfig>(config.Dialects[0]).MessagesAsArray));
        Assert.Equal((OverlapRule.Skip, "Europe/Berlin", "system"), (config.Schedules[0].Definition.Overlap, config.Schedules[0].Definition.TimeZone, config.Schedules[0].Owner));
        Assert.Equal((TimeSpan.FromMinutes(15), "feeds"), (config.Schedules[1].Definition.Every, config.Schedules[1].Owner));
    }

    [Theory]
    [InlineData("""{ "schedules": { "a": { "cron": "0 2 * * *" } } }""", "schedules.a.job")]
    [InlineData("""{ "schedules": { "a": { "job": { "type": "x" } } } }""", "schedules.a")]
    [InlineData("""{ "schedules": { "a": { "every": "1m", "overlap": "never", "job": { "type": "x" } } } }""", "schedules.a.overlap")]
    [InlineData("""{ "dialects": { "alteryx": { "pth": "/x" } } }""", "dialects.alteryx.pth")]
    [InlineData("""{ "storage": { "provider": "postgresql", "connection": "Host=db1", "outputs": "files" } }""", "storage.outputs")]
    [InlineData("""{ "storage": { "outputs": "/mnt/files" } }""", "storage.outputs")]
    public void A_mistake_in_a_schedule_a_dialect_or_the_store_names_its_member(string json, string path) =>
        Assert.Equal(path, Assert.Single(Assert.Throws<ConfigException>(() => ServerConfig.Load(_scratch.File("errand.json", json), [])).Errors).Path);

    [Fact]
    public void The_folder_of_outputs_is_read()
    {
        var config = ServerConfig.Load(_scratch.File("errand.json", """{ "storage": { "provider": "postgresql", "connection": "Host=db1", "outputs": "/mnt/files" } }"""), []);
        Assert.Equal("/mnt/files", config.Storage.PostgreSql!.OutputFolder);
    }

    [Fact]
    public void The_environment_is_laid_over_the_file()
    {
        var file = _scratch.File(
            "errand.json", """{ "types": { "a.b": { "handler": "http", "url": "http://127.0.0.1:1" } }, "worker": { "slots": 2 } }""");
        var config = ServerConfig.Load(file, Variables(
            ("ERRAND__WORKER__SLOTS", "7"), ("ERRAND__types__a.b__url", "http://127.0.0.1:9"),
                ("ERRAND__PUBLICBASEURL", "https://x.example/e"),
            ("ERRAND__urls", "[\"http://127.0.0.1:1\",\"http://127.0.0.1:2\"]"), ("ERRAND_URL", "http://not.a.setting"), ("PATH", "/bin")));
        Assert.Equal(7, config.Worker.Slots);
        Assert.Equal("http://127.0.0.1:9", Assert.IsType<HandlerConfig.Http>(config.Types[0].Handler).Options.Url);
        Assert.Equal(new Uri("https://x.example/e"), config.PublicBaseUrl);
        Assert.Equal(2, config.Urls.Count);
    }

    [Fact]
    public void A_mistake_in_the_environment_is_told_like_one_in_the_file()
    {
        var error = Assert.Throws<ConfigException>(() => ServerConfig.Load(null, Variables(("ERRAND__WORKER__SLOT", "7"))));
        Assert.Equal("worker.slot", Assert.Single(error.Errors).Path);
    }

    [Fact]
    public void Names_of_types_and_their_aliases_are_unique()
    {
        var file = _scratch.File(
            "errand.json", """{ "types": { "a": { "handler": "none", "aliases": ["c"] }, "b": { "handler": "none", "aliases": ["c"] } } }""");
        var error = Assert.Single(Assert.Throws<ConfigException>(() => ServerConfig.Load(file, [])).Errors);
        Assert.Equal("types.b", error.Path);
        Assert.Contains("already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wire_is_turned_on_by_its_section_and_checked()
    {
        var file = _scratch.File(
            "errand.json", """
            { "dialects": { "workiva": { "path": "/w", "seeOther": "output", "rateLimit": "1/s", "starters": { "POST /files/{id}/copy": "files.copy" } } } }
            """);
        var workiva = Assert.IsType<WorkivaConfig>(Assert.Single(ServerConfig.Load(file, []).Dialects));
        Assert.Equal(("/w", 1.0, "files.copy"), (workiva.Path, workiva.Options.RateLimit, workiva.Options.Starters.Values.Single()));

        file = _scratch.File("errand.json", """{ "dialects": { "workiva": { "path": "w/", "starters": { "POST /files/{id}/cpy": "a" } }, "other": {} } }""");
        var errors = Assert.Throws<ConfigException>(() => ServerConfig.Load(file, [])).Errors;
        Assert.Equal(["dialects.workiva.starters", "dialects.workiva.path", "dialects.other"], errors.Select(error => error.Path));
    }

    [Fact]
    public void Every_mistake_about_callers_is_told_at_once()
    {
        var file = _scratch.File("errand.json", """
            {
              "clients": [ { "id": "a b", "secretHash": "hunter2", "scopes": ["jobs.raed"], "roles": ["boss"] }, { "id": "x" }, { "id": "x", "secretHash": "sha256:0", "colour": 1 } ],
              "users": [ { "name": "a:b" } ],
              "collections": [ { "name": "q q", "types": ["A"] } ],
              "rateLimits": { "r": { "limit": "3", "wire": "zendesk" } },
              "oauth": { "audience": "x", "tokenLifetime": "5s" }
            }
            """);
        var error = Assert.Throws<ConfigException>(() => ServerConfig.Load(file, []));

        Assert.Equal(
            [
                "oauth.tokenLifetime", "oauth.audience", "clients[0].id", "clients[0].secretHash", "clients[0].scopes", "clients[0].roles", "clients[1].secretHash", "clients[2].id",
                "clients[2].secretHash", "clients[2].colour", "users[0].name", "users[0].passwordHash", "collections[0].name", "collections[0].types", "rateLimits.r.limit", "rateLimits.r.wire",
            ],
            error.Errors.Select(mistake => mistake.Path));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "oauth": { "authority": "https://id.example.org" } }""", "oauth.audience")]
    [InlineData("""{ "oauth": { "authority": "http://id.example.org", "audience": "errand" } }""", "oauth.authority")]
    [InlineData("""{ "oauth": { "authority": "https://id.example.org", "audience": "errand", "tokenLifetime": "5m" } }""", "oauth.tokenLifetime")]
    [InlineData("""{ "oauth": { "authority": "https://id.example.org", "audience": "errand" }, "clients": [ { "id": "a", "secretHash": "sha256:0" } ] }""", "clients[0].secretHash")]
    [InlineData("""{ "oauth": { "authority": "https://id.example.org", "audience": "errand", "scope": "x" } }""", "oauth.scope")]
    [InlineData("""{ "oauth": { "enabled": false }, "clients": [ { "id": "a", "secretHash": "sha256:85f6a518234c0adb3f713d94a6bb2700faac77496ab568ae815c40e7deae9ebf" } ] }""", "clients")]
    [InlineData("""{ "clients": { "a": {} } }""", "clients")]
    public void A_provider_and_clients_fit_together(string json, string path) =>
        Assert.Equal(path, Assert.Single(Assert.Throws<ConfigException>(() => ServerConfig.Load(_scratch.File("errand.json", json), [])).Errors).Path);

    [Fact]
    public void Clients_of_a_provider_need_no_secret_and_the_environment_can_name_all()
    {
        var config = ServerConfig.Load(null, Variables(
            ("ERRAND__OAUTH__AUTHORITY", "https://id.example.org"), ("ERRAND__OAUTH__AUDIENCE", "errand"), ("ERRAND__OAUTH__TENANTCLAIM", "org"),
            ("ERRAND__clients", """[{"id":"reports","roles":["curator"]}]"""), ("ERRAND__RATELIMITS__default__limit", "10/s")));

        Assert.Equal(("errand", "org"), (config.OAuth.Audience, config.OAuth.TenantClaim));
        Assert.Equal(("reports", null), (config.Clients.Single().Id, config.Clients.Single().SecretHash));
        Assert.Equal((10, TimeSpan.FromSeconds(1)), (config.RateLimits.Single().Requests, config.RateLimits.Single().Window));
    }

    [Fact]
    public void Scripts_are_looked_up_beside_the_configuration()
    {
        var file = _scratch.File("errand.json", """{ "types": { "a": { "handler": "command", "command": ["sh", "a.sh"] } } }""");
        _scratch.File("a.sh", "true");
        var command = Assert.IsType<HandlerConfig.Command>(ServerConfig.Load(file, []).Types[0].Handler);
        Assert.Equal(_scratch.Path, command.Options.Folder);
        Assert.Equal(1, ServerConfig.Load(file, []).Types[0].Type.MaxAttempts);
    }

    [Fact]
    public void Forwarding_headers_need_a_proxy_that_is_believed()
    {
        var file = _scratch.File("errand.json", """{ "forwardedHeaders": { "knownNetworks": ["10.0.0.0/33"] } }""");
        Assert.Equal("forwardedHeaders.knownNetworks",
            Assert.Single(Assert.Throws<ConfigException>(() => ServerConfig.Load(file, [])).Errors).Path);
        file = _scratch.File("errand.json", """{ "forwardedHeaders": {} }""");
        Assert.Contains("knownProxies", Assert.Single(Assert.Throws<ConfigException>(() => ServerConfig.Load(file, [])).Errors).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("1h30m", 5400)]
    [InlineData("7d", 604_800)]
    [InlineData("00:10:00", 600)]
    [InlineData("1.00:00:00", 86_400)]
    public void Durations_are_read_as_people_write_them(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("-5s")]
    [InlineData("1h 30m")]
    [InlineData("99999999999s")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    private static IEnumerable<KeyValuePair<string, string>> Variables(params (string Name, string Value)[] variables) =>
        variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value));
}
