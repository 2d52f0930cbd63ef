using Errand.Load;

var report = new Report();
switch (args)
{
    case ["bare", var url]:
        await HttpLoad.ServeBareAsync(url);
        return 0;
    case ["engine"]:
        await new EngineLoad(report).RunAsync();
        break;
    case ["http", var executable]:
        await new HttpLoad(report, executable).RunAsync();
        break;
    default:
        await Console.Error.WriteLineAsync("usage: Errand.Load engine | http PATH-OF-ERRAND");
        return 2;
}

Console.WriteLine(report.ToMarkdown());
return 0;
