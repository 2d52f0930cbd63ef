using System.Globalization;
using System.Text.Json;

namespace Errand.Peers.Bench;

/// <summary>Runs the parts in rounds, each block in a process of its own on an empty store.</summary>
internal sealed class Rounds(Options options, string peers, string folder)
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);
    private readonly List<Block> _blocks = [];
    private Postgres? _postgres;

    public string? PostgresVersion => _postgres?.Version;

    public async Task<IReadOnlyList<Block>> RunAsync()
    {
        try
        {
            for (var round = 1; round <= options.Rounds; round++)
            {
                foreach (var part in round % 2 == 1 ? options.Parts : options.Parts.Reverse())
                {
                    var block = await MeasureAsync(part, round);
                    _blocks.Add(block);
                    Say(part, block);
                }
            }
        }
        finally
        {
            if (_postgres is not null) await _postgres.DisposeAsync();
        }

        return _blocks;
    }

    private async Task<Block> MeasureAsync(Part part, int round)
    {
        var (load, others) = (Machine.LoadAverage(), await Machine.BusyAsync());
        var (ticks, began) = (Machine.Ticks(), TimeProvider.System.GetTimestamp());
        try
        {
            if (part.Missing(peers) is { } missing) throw new InvalidOperationException(missing);
            var block = Read(await OnStoreAsync(part, round), part, round, load, others);
            var time = TimeProvider.System.GetElapsedTime(began);
            return block with { Seconds = time.TotalSeconds, Stolen = Machine.StolenShare(Machine.Ticks().Stolen - ticks.Stolen, time) };
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or Npgsql.NpgsqlException or System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return new Block { Part = part.Name, Round = round, Load = load, Others = others, Error = error.Message };
        }
    }

    private async Task<string> OnStoreAsync(Part part, int round)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{part.Name}-{round}");
        switch (part.Store)
        {
            case Store.PostgreSql:
                _postgres ??= await Postgres.StartAsync(Path.Combine(folder, "postgresql"));
                try
                {
                    return await ProcessAsync(part, await _postgres.CreateAsync(name, url: part.Program.EndsWith(".mjs", StringComparison.Ordinal)));
                }
                finally
                {
                    await _postgres.DropAsync(name);
                }

            case Store.Redis:
                await using (var redis = await Redis.StartAsync(Path.Combine(folder, name))) return await ProcessAsync(part, redis.Port.ToString(CultureInfo.InvariantCulture));
            default:
                var store = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
                try
                {
                    return await ProcessAsync(part, store);
                }
                finally
                {
                    Directory.Delete(store, recursive: true);
                }
        }
    }

    private Task<string> ProcessAsync(Part part, string store)
    {
        var (file, arguments) = part.Command(peers, store);
        // Five of its steps end at the cap; what is left is for its start and its end.
        return Processes.RunAsync(file, arguments, TimeSpan.FromSeconds(5 * options.Plan.CapSeconds + 40), options.Plan.ToJson());
    }

    private static Block Read(string output, Part part, int round, double load, double others)
    {
        var lines = output.Split('\n').Where(line => line.StartsWith(Answers.Mark, StringComparison.Ordinal)).Select(line => JsonSerializer.Deserialize<JsonElement>(line[Answers.Mark.Length..])).ToList();
        var about = lines.Find(line => line.TryGetProperty("about", out _)).GetProperty("about");
        return new Block
        {
            Part = part.Name,
            Round = round,
            Load = load,
            Others = others,
            Version = about.GetProperty("version").GetString(),
            Settings = [.. about.GetProperty("settings").EnumerateArray().Select(setting => setting.GetString()!)],
            Figures = [.. lines.Where(line => line.TryGetProperty("work", out _)).Select(line => line.Deserialize<Figure>(Names)!)],
        };
    }

    private void Say(Part part, Block block)
    {
        var said = block.Error is { } error ? "FAILED: " + error : string.Join(", ", block.Figures.Select(figure => figure.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{figure.Work} {rate:N0}/s")
            : string.Create(CultureInfo.InvariantCulture, $"{figure.Work} {figure.P50:0.00}/{figure.P99:0.00} ms")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {block.Round}/{options.Rounds}  {part.Title,-18} {block.Seconds,5:0.0} s  load {block.Load:0.0}, others {block.Others:P0}  {said}"));
    }
}
