using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>Reads a filter from query parameters: the language in <c>filter</c>, single fields in their own, but no field in both.</summary>
internal static class JobFilterQuery
{
    public static JobFilter Read(HttpRequest request, DateTimeOffset now)
    {
        var filter = JobFilter.All;
        if (QueryParameters.Text(request, "filter") is { } text && !JobFilterParser.TryParse(text, now, out filter, out var error))
        {
            throw QueryParameters.Bad("filter", error.ToString());
        }

        return AddTimes(request, AddNames(request, filter!));
    }

    private static JobFilter AddNames(HttpRequest request, JobFilter filter)
    {
        var terms = new List<string>();
        foreach (var (name, value) in request.Query)
        {
            if (name is "status" or "type" or "queue") terms.Add($"{name}:{value}");
        }

        if (!JobFilterParser.TryParse(string.Join(' ', terms), default, out var named, out var error)) throw QueryParameters.Bad("status, type or queue", error.Message);
        Once("status", filter.Statuses.Count, named.Statuses.Count);
        Once("type", filter.Types.Count, named.Types.Count);
        Once("queue", filter.Queues.Count, named.Queues.Count);
        var labels = filter.Labels.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in request.Query)
        {
            if (!name.StartsWith("label.", StringComparison.Ordinal)) continue;
            if (!labels.TryAdd(name["label.".Length..], value.ToString())) Once(name, 1, 1);
        }

        return filter with
        {
            Statuses = [.. filter.Statuses, .. named.Statuses],
            Types = [.. filter.Types, .. named.Types],
            Queues = [.. filter.Queues, .. named.Queues],
            Labels = labels,
        };
    }

    private static JobFilter AddTimes(HttpRequest request, JobFilter filter) => filter with
    {
        CreatedAfter = Either("createdAfter", filter.CreatedAfter, QueryParameters.Time(request, "createdAfter")),
        CreatedBefore = Either("createdBefore", filter.CreatedBefore, QueryParameters.Time(request, "createdBefore")),
        FinishedAfter = Either("finishedAfter", filter.FinishedAfter, QueryParameters.Time(request, "finishedAfter")),
        ScheduleId = Either("scheduleId", filter.ScheduleId, QueryParameters.Text(request, "scheduleId")),
        CorrelationId = Either("correlationId", filter.CorrelationId, QueryParameters.Text(request, "correlationId")),
    };

    private static T? Either<T>(string name, T? first, T? second)
    {
        Once(name, first is null ? 0 : 1, second is null ? 0 : 1);
        return first ?? second;
    }

    private static void Once(string name, int first, int second)
    {
        if (first > 0 && second > 0) throw QueryParameters.Bad(name, $"'{name}' stands in the filter already.");
    }
}
