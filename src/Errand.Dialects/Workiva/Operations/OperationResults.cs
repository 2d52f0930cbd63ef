using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Errand.AspNetCore;
using Errand.Storage;

namespace Errand.Dialects.Workiva;

/// <summary>
/// <c>GET …/operations/{operationId}/{results}</c>: what a completed operation made, in pages. The results are those of the job's succeeded items; without items, its JSON result: an array, an
/// object with <c>data</c>, or an object that is answered as it is, as <c>{"revision":…}</c>.
/// </summary>
internal sealed class OperationResults(DialectCall call, string family, string name)
{
    private const int PageMax = 1000;
    private const int ItemsARead = 200;

    public async Task AnswerAsync()
    {
        WorkivaExchange.CheckVersion(call, family);
        var id = WorkivaExchange.JobIdOf(call, "operationId");
        var size = PageSize();
        var job = DialectCall.Found(await call.Jobs.FindAsync(id, cancellationToken: call.Aborted));
        if (StarterLabels.StarterOf(job) is { } starter && starter.Results != name) throw new JobProblemException(JobProblems.NotFound, "The operation has no results of this name.");
        if (job.Head.State is not JobState.Succeeded) throw TooEarly(job);
        var start = await StartAsync(id);
        if (job.Items is { Completed: > 0 }) await ItemsAsync(id, (int)start, size);
        else await ResultAsync(id, start, size);
    }

    private async Task ItemsAsync(JobId id, int after, int size)
    {
        List<JobItem> items = [];
        while (items.Count <= size)
        {
            var limit = Math.Min(ItemsARead, size + 1 - items.Count);
            var read = await call.Contents.ListItemsAsync(id, new ItemQuery((items.Count > 0 ? items[^1].Index!.Value : after - 1), JobItemStatus.Succeeded, limit), call.Aborted);
            items.AddRange(read);
            if (read.Count < limit) break;
        }

        var page = items.Take(size).ToList();
        var next = items.Count > size ? await NextAsync(id, items[size].Index!.Value, size) : null;
        List<JsonElement> data = [.. page.Where(item => !item.Result.IsEmpty).Select(item => Element(item.Result))];
        await call.Http.WriteJsonAsync(new OperationResultsPage(data) { NextLink = next }, OperationJson.Default.OperationResultsPage);
    }

    private async Task ResultAsync(JobId id, long start, int size)
    {
        if (await ReadResultAsync(id) is not { } result) await WriteAsync([], null, null);
        else if (result.ValueKind is JsonValueKind.Array) await SliceAsync(id, result, start, size, null);
        else if (result.ValueKind is not JsonValueKind.Object) await WriteAsync([result], null, null);
        else if (result.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Array)
            await SliceAsync(id, data, start, size, result.TryGetProperty("revision", out var revision) ? revision : null);
        else await call.Http.WriteJsonAsync(result, OperationJson.Default.JsonElement);
    }

    private async Task SliceAsync(JobId id, JsonElement array, long start, int size, JsonElement? revision)
    {
        List<JsonElement> page = [.. array.EnumerateArray().Skip((int)start).Take(size)];
        var next = start + size < array.GetArrayLength() ? await NextAsync(id, start + size, size) : null;
        await WriteAsync(page, next, revision);
    }

    private Task WriteAsync(IReadOnlyList<JsonElement> data, string? next, JsonElement? revision) =>
        call.Http.WriteJsonAsync(new OperationResultsPage(data) { NextLink = next, Revision = revision }, OperationJson.Default.OperationResultsPage);

    // A result of another media type is a file and has its own URL; here it is one without data.
    private async Task<JsonElement?> ReadResultAsync(JobId id)
    {
        await using var content = await call.Contents.OpenResultAsync(id, call.Aborted);
        if (content is null || !content.ContentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)) return null;
        using var document = await JsonDocument.ParseAsync(content.Content, cancellationToken: call.Aborted);
        return document.RootElement.Clone();
    }

    private int PageSize()
    {
        if (call.Request.Query["$maxpagesize"] is not [{ Length: > 0 } text]) return PageMax;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= PageMax) return size;
        throw WorkivaExchange.Invalid("$maxpagesize", $"$maxpagesize is a whole number from 1 to {PageMax}.");
    }

    // Good only for the same operation, results and tenant; who may see the operation is asked again with each page.
    private string Purpose(JobId id) => $"workiva\nresults\n{call.Principal.Caller.Tenant}\n{id}\n{name}";

    private async ValueTask<long> StartAsync(JobId id)
    {
        if (call.Request.Query["$next"] is not [{ Length: > 0 } text]) return 0;
        return await call.UnsealAsync(Purpose(id), text) is { Length: 8 } place
            ? BinaryPrimitives.ReadInt64BigEndian(place)
            : throw WorkivaExchange.Invalid("$next", "Give $next back as the @nextLink had it. To begin anew, leave it out.");
    }

    private async ValueTask<string> NextAsync(JobId id, long place, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place);
        var token = await call.SealAsync(Purpose(id), bytes);
        var kept = size == PageMax ? "" : $"$maxpagesize={size.ToString(CultureInfo.InvariantCulture)}&";
        return $"{OperationRoutes.UrlOf(call, family, id)}/{name}?{kept}$next={token}";
    }

    private static JsonElement Element(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static DialectProblemException TooEarly(Job job) => new(new DialectProblem(409, JobProblems.JobNotFinished, job.Head.State.IsTerminal()
        ? "The operation did not complete, so it has no results; its details tell why."
        : "The operation is not completed yet. Ask for its results when its status is completed."));
}
