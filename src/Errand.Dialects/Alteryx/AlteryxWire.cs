using System.Text.Json.Serialization;

namespace Errand.Dialects.Alteryx;

/// <summary>A job; <c>messages</c> is left out of the reduced object.</summary>
internal sealed record JobView(
    string Id, string AppId, string CreateDateTime, string Status, string Disposition, IReadOnlyList<OutputView> Outputs, IReadOnlyList<MessageView>? Messages,
    string Priority, string WorkerTag, [property: JsonPropertyName("runWithE2")] bool RunWithE2);

/// <summary>A job in the list of its workflow.</summary>
internal sealed record WorkflowJobView(
    string Id, string CreateDate, string Status, string Priority, string WorkerTag, [property: JsonPropertyName("runWithE2")] bool RunWithE2);

internal sealed record OutputView(string Id, IReadOnlyList<string> AvailableFormats, string FileName);

internal sealed record MessageView(int Status, string Text, int ToolId);

/// <summary>A workflow. The one client that reads it wants every member there and none null.</summary>
internal sealed record WorkflowView(
    string Id, string SourceAppId, string DateCreated, long RunCount, IReadOnlyList<VersionView> Versions, string Name, string OwnerId, string WorkerTag,
    IReadOnlyList<string> DistrictTags, string Comments, bool IsPublic, bool IsReadyForMigration, string PublishedVersionId, bool OthersMayDownload,
    bool OthersCanViewHistory, bool OthersCanExecute);

internal sealed record VersionView(string VersionId, string DateCreated);

internal sealed record QuestionView(string Name, string QuestionType, string Description, string Value, bool Multiple, IReadOnlyList<ChoiceView> Items);

internal sealed record ChoiceView(string Key, string Value);

/// <summary>A refusal; <c>modelState</c> with a 400 that names fields.</summary>
internal sealed record ErrorView(string Message, IReadOnlyDictionary<string, IReadOnlyList<string>>? ModelState = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowJobView>))]
[JsonSerializable(typeof(IReadOnlyList<MessageView>))]
[JsonSerializable(typeof(WorkflowView))]
[JsonSerializable(typeof(IReadOnlyList<QuestionView>))]
[JsonSerializable(typeof(ErrorView))]
internal sealed partial class AlteryxJson : JsonSerializerContext;
