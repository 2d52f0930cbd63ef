namespace Errand.Load.Http;

/// <summary>The real server beside a bare Kestrel endpoint in a process of its own, both driven by wrk on the same cores, alternating; on SQLite, and on PostgreSQL where there is one.</summary>
internal sealed class HttpLoad(Report report, HttpSettings settings, HttpClient client)
{
    private static readonly string Body = $$"""{"type":"bench.noop","input":"{{new string('x', 198)}}"}""";

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("errand-bench-").FullName;
        try
        {
            var bareUrl = Commands.FreeUrl();
            await using var bare = await ServerProcess.StartAsync(client, bareUrl, "/json", Environment.ProcessPath!, "bare", bareUrl.AbsoluteUri);
            await new StartLoad(report, settings, client, folder).RunAsync();
            await StoreAsync("SQLite", null, folder, bare);
            if (settings.PostgreSql is { } database) await StoreAsync("PostgreSQL", database, folder, bare);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task StoreAsync(string store, string? database, string root, ServerProcess bare)
    {
        if (!RowsOf(store).Any(settings.Wants)) return;
        List<Contender> contenders = [];
        try
        {
            foreach (var (n, build) in settings.Builds.Index())
            {
                var folder = Directory.CreateDirectory(Path.Combine(root, $"{store}-{n}")).FullName;
                await Contender.ConfigureAsync(folder, database, $"bench_{n}");
                contenders.Add(await Contender.StartAsync(client, build, folder));
                await contenders[^1].PrepareAsync(folder);
            }

            var script = Path.Combine(root, "post.lua");
            await File.WriteAllTextAsync(script, $"wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = '{Body}'\n");
            foreach (var scenario in Scenarios(store, script))
            {
                if (scenario.Name.Contains("POST", StringComparison.Ordinal)) await Task.WhenAll(contenders.Select(one => one.PauseAsync()));
                if (settings.Wants(scenario.Name)) await CompareAsync(scenario, contenders, bare);
            }
        }
        finally
        {
            foreach (var contender in contenders) await contender.DisposeAsync();
        }
    }

    private async Task CompareAsync(Scenario scenario, List<Contender> contenders, ServerProcess bare)
    {
        var loads = contenders.Select(scenario.Of).ToList();
        if (loads[0] is not { } first) return;
        var posts = first.Load.Script is not null;
        var bareLoad = new Load { Script = first.Load.Script };
        var bareUrl = new Uri(bare.Url, posts ? "/read" : "/json").AbsoluteUri;
        var rates = contenders.Select(_ => new List<Rate>()).ToList();
        List<Rate> limit = [];
        // The first round is not counted: the runtime compiles what is called often again, and that takes a third of the time of a server that is new to a request.
        for (var round = -1; round < settings.Rounds; round++)
        {
            foreach (var (i, contender) in contenders.Index())
            {
                if (loads[i] is not { } load) continue;
                var rate = await Wrk.RateAsync(load.Load, load.Url, contender.Server, settings);
                if (round >= 0) rates[i].Add(rate);
            }

            var bareRate = await Wrk.RateAsync(bareLoad, bareUrl, bare, settings);
            if (round >= 0) limit.Add(bareRate);
        }

        foreach (var (i, mine) in rates.Index())
        {
            if (mine.Count > 0) report.Compare(i == 0 ? scenario.Name : $"{scenario.Name}, the build before", Rate.Median(mine), Rate.Median(limit));
        }
    }

    private static IEnumerable<string> RowsOf(string store) => Scenarios(store, "").Select(one => one.Name);

    private static IEnumerable<Scenario> Scenarios(string store, string script)
    {
        yield return Read("GET status, terminal", one => $"/v1/jobs/{one.Finished.Id}");
        yield return Read("GET status, running", one => $"/v1/jobs/{one.Running}");
        yield return new($"{store}: GET status, 304", one => (Authorized(one, $"If-None-Match: {one.Finished.ETag}") with { NotModified = true }, one.At($"/v1/jobs/{one.Finished.Id}")));
        yield return new($"{store}: GET status, terminal, JWT", one => one.Jwt is null ? null : (new Load($"Authorization: Bearer {one.Jwt}"), one.At($"/v1/jobs/{one.Finished.Id}")));
        yield return Read("Zendesk job status, terminal", one => $"/api/v2/job_statuses/{one.Finished.Id}.json");
        yield return Read("Workiva queue job, terminal", one => $"/spreadsheets/v1/queue-jobs/{one.Finished.Id}");
        yield return Read("Workiva operation, terminal", one => $"/platform/v1/operations/{one.Finished.Id}");
        yield return Read("Alteryx job, terminal", one => $"/webapi/v3/jobs/{one.Finished.Id}");
        yield return new($"{store}: POST /v1/jobs, {Wrk.Connections} connections, durable", one => (Authorized(one) with { Script = script }, one.At("/v1/jobs")));

        Scenario Read(string name, Func<Contender, string> path) => new($"{store}: {name}", one => (Authorized(one), one.At(path(one))));
    }

    private static Load Authorized(Contender one, params string[] headers) => new([$"Authorization: Bearer {one.Token}", .. headers]);

    /// <summary>A row: what is sent to whom; null where a build has nothing to send.</summary>
    private sealed record Scenario(string Name, Func<Contender, (Load Load, string Url)?> Of);
}
