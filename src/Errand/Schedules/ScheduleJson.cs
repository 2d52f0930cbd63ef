using System.Text.Json;
using System.Text.Json.Serialization;
using Errand.Storage;

namespace Errand.Schedules;

/// <summary>How a schedule is kept in the store. Members may be added; an older node skips what it does not know.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Schedule))]
internal sealed partial class ScheduleJson : JsonSerializerContext
{
    public static StoredSchedule Write(Schedule schedule) => new(
        schedule.Tenant, schedule.Name, schedule.Version, schedule.NextAt, JsonSerializer.SerializeToUtf8Bytes(schedule, Default.Schedule));

    public static bool SameDefinition(ScheduleDefinition one, ScheduleDefinition other) =>
        JsonSerializer.SerializeToUtf8Bytes(one, Default.ScheduleDefinition).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, Default.ScheduleDefinition));

    /// <summary>Null for one that a newer release wrote and this one cannot read.</summary>
    public static Schedule? Read(StoredSchedule stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Body.Span, Default.Schedule);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
