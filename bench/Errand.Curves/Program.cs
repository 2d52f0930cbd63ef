using System.Globalization;
using Errand.Curves.Growth;
using Errand.Curves.Machinery;
using Errand.Curves.Streams;

var figures = new Figures();
switch (args)
{
    case ["streams", var executable, var waiters]:
        await new StreamsPart(figures, executable, Number(waiters)).RunAsync();
        break;
    case ["growth", var executable, var finished, var scheduled]:
        await new GrowthPart(figures, executable, Number(finished), Number(scheduled)).RunAsync();
        break;
    default:
        await Console.Error.WriteLineAsync("usage: Errand.Curves streams PATH-OF-ERRAND WAITERS | growth PATH-OF-ERRAND FINISHED SCHEDULED");
        return 2;
}

Console.WriteLine(figures.ToMarkdown());
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
