using Errand.Load;
using Errand.Load.Http;

var report = new Report();
switch (args)
{
    case ["bare", var url]:
        await BareServer.ServeAsync(url);
        return 0;
    case ["engine"]:
        await new EngineLoad(report).RunAsync();
        break;
    case ["http", var executable]:
        using (var client = new HttpClient()) await new HttpLoad(report, HttpSettings.Read(executable), client).RunAsync();
        break;
    default:
        await Console.Error.WriteLineAsync("usage: Errand.Load engine | http PATH-OF-ERRAND");
        return 2;
}

Console.WriteLine(report.ToMarkdown());
return 0;
