using System.Globalization;
using Errand.Peers.Bench;

if (Options.Parse(args) is not { } options) return 2;
var root = Environment.GetEnvironmentVariable("PEERS_ROOT") ?? throw new InvalidOperationException("PEERS_ROOT is not set: start this through eng/bench-peers.sh.");
var folder = Environment.GetEnvironmentVariable("PEERS_WORK") ?? throw new InvalidOperationException("PEERS_WORK is not set: start this through eng/bench-peers.sh.");
var rounds = new Rounds(options, Path.Combine(root, "bench/Peers"), folder);
var machine = (await Machine.DescribeAsync(root, folder)).ToList();
var began = TimeProvider.System.GetLocalNow();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Rounds} rounds of {string.Join(", ", options.Parts.Select(part => part.Name))}"));
var blocks = await rounds.RunAsync();
if (rounds.PostgresVersion is { } version) machine.Add(new("PostgreSQL", $"{version}; {string.Join(", ", Postgres.Settings)}; fsync, full_page_writes and synchronous_commit on; a new database for each block"));
if (Processes.Exists("redis-server")) machine.Add(new("Redis", await Redis.VersionAsync() + "; appendonly yes, appendfsync always; a new server for each block"));
machine.Add(new("SQLite", "WAL, synchronous=FULL; a new file for each block"));
var report = new Report(options, machine, new Summary(blocks), began);
await report.WriteAsync(root);
return blocks.Any(block => block.Error is not null) ? 1 : 0;
