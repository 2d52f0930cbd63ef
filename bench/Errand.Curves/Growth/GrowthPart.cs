using System.Text.Json.Nodes;
using Errand.Curves.Machinery;

namespace Errand.Curves.Growth;

/// <summary>
/// A server on a full store beside one on an empty store, asked by turns: what a request costs where millions of jobs lie, in terms of what
/// it costs where there are none; what it holds in memory; and what the removal of expired jobs does to those who submit meanwhile.
/// </summary>
internal sealed class GrowthPart(Figures figures, string executable, int finished, int scheduled)
{
    private const string Type = "bench.wait";
    private const int Rounds = 6;
    private const int TimesARound = 100;

    private static readonly TimeProvider Time = TimeProvider.System;

    public async Task RunAsync()
    {
        foreach (var make in Store.All) await MeasureAsync(make);
    }

    private async Task MeasureAsync(Func<Store> make)
    {
        await using var small = make();
        await using var large = make();
        var (token, tokenOfLarge) = ((await small.PrepareAsync(1))[0], (await large.PrepareAsync(1))[0]);
        await FillAsync(large, async fill =>
        {
            await fill.FinishedAsync(finished, Time.GetUtcNow().AddDays(30));
            await fill.ScheduledAsync(scheduled);
        });
        var what = $"{large.Name}, {finished:N0} finished and {scheduled:N0} scheduled jobs";
        await using (var empty = await StartAsync(small, token))
        await using (var full = await StartAsync(large, tokenOfLarge))
        {
            await CompareAsync(what, empty, full);
        }

        await ExpireAsync(large, tokenOfLarge);
    }

    private async Task CompareAsync(string what, PublishedServer empty, PublishedServer full)
    {
        var warm = new[] { new Costs(empty, Type), new Costs(full, Type) };
        foreach (var one in warm) await one.RoundAsync(TimesARound);
        var (few, many) = (new Costs(empty, Type), new Costs(full, Type));
        for (var round = 0; round < Rounds; round++)
        {
            await few.RoundAsync(TimesARound);
            await many.RoundAsync(TimesARound);
        }

        foreach (var (name, times) in many.Times)
        {
            var (base_, now) = (Middle(few.Times[name]), Middle(times));
            figures.AtMost($"{what}: {name}, {now:0.00} ms in place of {base_:0.00} ms", now / base_, 1.2, "×");
        }

        figures.Add($"{what}: memory of the server, in place of {empty.ResidentBytes >> 20} MB", full.ResidentBytes >> 20, "MB");
    }

    /// <summary>Jobs that are past their time already: the server begins to remove them when it starts.</summary>
    private async Task ExpireAsync(Store store, string token)
    {
        var expired = Math.Min(1_000_000, finished);
        await FillAsync(store, fill => fill.FinishedAsync(expired, Time.GetUtcNow().AddMinutes(-1)));
        await using var server = await StartAsync(store, token);
        var costs = new Costs(server, Type);
        var before = await costs.SucceededAsync();
        var left = before;
        var begun = Time.GetTimestamp();
        var during = await costs.WhileAsync(async () =>
        {
            left = await costs.SucceededAsync();
            return left > finished + (TimesARound * (Rounds + 2));
        });
        var took = Time.GetElapsedTime(begun);
        var rest = 40;
        var after = await costs.WhileAsync(() => Task.FromResult(--rest > 0));
        var what = $"{store.Name}, {expired:N0} jobs expire at once";
        figures.Add($"{what}: removed", (before - left) / took.TotalSeconds, "jobs/s");
        var (p99, still) = (during[during.Count * 99 / 100], after[after.Count * 99 / 100]);
        figures.AtMost($"{what}: p99 of a submit meanwhile, {p99:0.00} ms in place of {still:0.00} ms", p99 / still, 1.5, "×");
    }

    private Task<PublishedServer> StartAsync(Store store, string token) =>
        PublishedServer.StartAsync(executable, store, token, new JsonObject
        {
            [Type] = new JsonObject { ["handler"] = "none" },
            ["bench.rare"] = new JsonObject { ["handler"] = "none" },
        });

    private static async Task FillAsync(Store store, Func<Fill, Task> act)
    {
        var storage = store.Open();
        await using var closing = (IAsyncDisposable)storage;
        await storage.Schema.MigrateAsync(Time.GetUtcNow(), CancellationToken.None);
        await act(new Fill(storage, Type));
    }

    private static double Middle(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
