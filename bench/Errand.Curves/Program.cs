using System.Globalization;
using Errand.Curves.Growth;
using Errand.Curves.Items;
using Errand.Curves.Machinery;
using Errand.Curves.Nodes;
using Errand.Curves.Progress;
using Errand.Curves.Streams;

var figures = new Figures();
switch (args)
{
    case ["node", var connection, var schema]:
        await Node.RunAsync(connection, schema);
        return 0;
    case ["bare"]:
        await BareKestrel.RunAsync();
        return 0;
    case ["streams", var executable, var waiters]:
        await new BarePart(figures, Number(waiters)).RunAsync();
        await new StreamsPart(figures, executable, Number(waiters)).RunAsync();
        break;
    case ["progress", var executable, var jobs]:
        await new ProgressPart(figures, executable, Number(jobs)).RunAsync();
        break;
    case ["items", var executable, var items]:
        await new ItemsPart(figures, executable, Number(items)).RunAsync();
        break;
    case ["growth", var executable, var finished, var scheduled]:
        await new GrowthPart(figures, executable, Number(finished), Number(scheduled)).RunAsync();
        break;
    case ["nodes", _, var jobs, var rounds]:
        await new NodesPart(figures, Number(jobs), Number(rounds)).RunAsync();
        break;
    default:
        await Console.Error.WriteLineAsync("usage: Errand.Curves PART PATH-OF-ERRAND: streams … WAITERS, progress … JOBS, items … ITEMS, growth … FINISHED SCHEDULED, nodes … JOBS ROUNDS; see eng/bench.sh");
        return 2;
}

Console.WriteLine(figures.ToMarkdown());
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
