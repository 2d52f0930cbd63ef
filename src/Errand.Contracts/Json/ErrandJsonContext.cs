using System.Text.Json.Serialization;

namespace Errand.Contracts;

/// <summary>
/// How every wire type is read and written: camelCase, nulls left out, RFC 3339 times, ISO 8601 durations, exact words. Requests refuse
/// members that they do not know; answers may gain members at any time.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(WireTimeConverter), typeof(WireDurationConverter), typeof(JobStatusConverter), typeof(WireWordConverter<JobItemStatus>),
        typeof(WireWordConverter<JobSeverity>), typeof(WireWordConverter<JobAttemptOutcome>), typeof(WireWordConverter<UniqueConflict>),
        typeof(WireWordConverter<SettleOutcome>), typeof(WireWordConverter<MisfireRule>), typeof(WireWordConverter<OverlapRule>),
    ])]
[JsonSerializable(typeof(JobResource))]
[JsonSerializable(typeof(Page<JobResource>))]
[JsonSerializable(typeof(Page<ItemResource>))]
[JsonSerializable(typeof(Page<MessageResource>))]
[JsonSerializable(typeof(Page<OutputResource>))]
[JsonSerializable(typeof(Page<QueueResource>))]
[JsonSerializable(typeof(Page<JobTypeResource>))]
[JsonSerializable(typeof(Page<ScheduleResource>))]
[JsonSerializable(typeof(SaveScheduleRequest))]
[JsonSerializable(typeof(NextTimesResource))]
[JsonSerializable(typeof(SubmitJobRequest))]
[JsonSerializable(typeof(SubmitBatchRequest))]
[JsonSerializable(typeof(BatchResource))]
[JsonSerializable(typeof(CancelJobRequest))]
[JsonSerializable(typeof(UpdateJobRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(WhyResource))]
[JsonSerializable(typeof(JobEventResource))]
[JsonSerializable(typeof(EventTicketResource))]
[JsonSerializable(typeof(UpdateQueueRequest))]
[JsonSerializable(typeof(StatsResource))]
[JsonSerializable(typeof(UploadResource))]
[JsonSerializable(typeof(ProblemResource))]
[JsonSerializable(typeof(OpenSessionRequest))]
[JsonSerializable(typeof(SessionResource))]
[JsonSerializable(typeof(BeatRequest))]
[JsonSerializable(typeof(BeatResource))]
[JsonSerializable(typeof(ClaimRequestBody))]
[JsonSerializable(typeof(ClaimResource))]
[JsonSerializable(typeof(ItemInputResource))]
[JsonSerializable(typeof(SettleRequest))]
[JsonSerializable(typeof(SettleResource))]
[JsonSerializable(typeof(ReportMessagesRequest))]
[JsonSerializable(typeof(ReportItemsRequest))]
[JsonSerializable(typeof(ItemCountsResource))]
public sealed partial class ErrandJsonContext : JsonSerializerContext;
