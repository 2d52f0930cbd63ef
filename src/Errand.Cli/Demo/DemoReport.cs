using System.Globalization;
using System.Text;
using System.Text.Json;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.Cli.Demo;

/// <summary>
/// <c>demo.report</c>: renders rows, one item each, a few of which fail. Input: <c>{"rows":200,"delayMs":20,"fail":false}</c>, each member
/// optional.
/// </summary>
internal sealed class DemoReport(TimeProvider time) : IJobHandler
{
    public const string TypeName = "demo.report";

    private const int FailEvery = 67;

    public static void Add(IErrandBuilder builder) => builder.AddHandler(
        new JobType { Name = TypeName, Description = "Renders rows of a pretended report; every 67th row fails." },
        services => new DemoReport(services.GetRequiredService<TimeProvider>()));

    public async ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
    {
        var (rows, delay, fail) = Read(context.Input.Json);
        await context.LogAsync(JobSeverity.Info, $"Rendering {rows} rows.", cancellationToken: cancellationToken);
        var failed = 0;
        for (var row = 1; row <= rows; row++)
        {
            await Task.Delay(delay, time, cancellationToken);
            if (fail && row > rows / 2) throw new JobRejectedException("The pretended printer is out of paper.", "out_of_paper");
            var item = Item(row);
            if (item.Status is JobItemStatus.Failed)
            {
                failed++;
                await context.LogAsync(JobSeverity.Warning, $"Row {row} cannot be rendered.", cancellationToken: cancellationToken);
            }

            await context.WriteItemsAsync([item], cancellationToken);
            context.Report(new JobProgress { Completed = row, Failed = failed, Total = rows, Unit = "rows", Message = "rendering" });
        }

        await context.PublishAsync(Output(rows), cancellationToken);
        return new JobOutcome.Succeeded(
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"rows\":{rows},\"failed\":{failed}}}")));
    }

    private static JobItem Item(int row) => row % FailEvery == 0
        ? new JobItem
        {
            Index = row - 1,
            Key = $"row-{row}",
            Status = JobItemStatus.Failed,
            Error = new JobError("unprintable", "The row holds a character that no printer knows.")
        }
        : new JobItem { Index = row - 1, Key = $"row-{row}", Result = Encoding.UTF8.GetBytes($"{{\"page\":{1 + (row / 40)}}}") };

    private static OutputDraft Output(int rows) => new("report", "report.csv",
    [
        new OutputFormatDraft(
            "csv", "text/csv", (stream, token) => WriteAsync(stream, "row,page\r\n", rows, row => $"{row},{1 + (row / 40)}\r\n", token)),
        new OutputFormatDraft(
            "ndjson", "application/x-ndjson", (stream, token) =>
                WriteAsync(stream, "", rows, row => $"{{\"row\":{row},\"page\":{1 + (row / 40)}}}\n", token)),
    ]);

    private static async Task WriteAsync(Stream stream, string head, int rows, Func<int, string> line, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head), cancellationToken);
        for (var row = 1; row <= rows; row++) await stream.WriteAsync(Encoding.UTF8.GetBytes(line(row)), cancellationToken);
    }

    private static (int Rows, TimeSpan Delay, bool Fail) Read(ReadOnlyMemory<byte> input)
    {
        using var document = JsonDocument.Parse(input.IsEmpty ? "{}"u8.ToArray() : input);
        if (document.RootElement.ValueKind is not JsonValueKind.Object) throw new JobRejectedException(
            "The input must be an object, as {\"rows\":200}.", JobErrorCodes.InputUnreadable);
        var rows = Number(document.RootElement, "rows", 200, 100_000);
        var delay = Number(document.RootElement, "delayMs", 20, 60_000);
        var fail = document.RootElement.TryGetProperty("fail", out var flag) && flag.ValueKind is JsonValueKind.True;
        return (rows, TimeSpan.FromMilliseconds(delay), fail);
    }

    private static int Number(JsonElement input, string name, int otherwise, int most)
    {
        if (!input.TryGetProperty(name, out var value)) return otherwise;
        return value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= most
            ? number
            : throw new JobRejectedException($"'{name}' must be a whole number from 0 to {most}.", JobErrorCodes.InputUnreadable);
    }
}
