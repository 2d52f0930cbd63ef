using Errand.Benchmarks.Storage;

var name = args.Length > 0 ? args[0] : "";
var rest = args.Skip(1).ToArray();
switch (name)
{
    case "storage":
        await StorageBenchmark.RunAsync(rest);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project bench/Errand.Benchmarks -- storage [jobs] [folder]");
        return 2;
}
