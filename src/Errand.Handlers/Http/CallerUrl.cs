using System.Text.Json;

namespace Errand.Handlers;

/// <summary>The URL that a caller named in the input, and what is said when it will not do.</summary>
internal static class CallerUrl
{
    /// <summary>The text of the member, if the input is an object that has one.</summary>
    public static string? Read(ReadOnlySpan<byte> input, string? member)
    {
        if (string.IsNullOrEmpty(member) || input.IsEmpty) return null;
        var reader = new Utf8JsonReader(input);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return null;
        string? found = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isMember = reader.ValueTextEquals(member);
            reader.Read();
            // The last one counts, as it does for everyone who reads the document as an object.
            if (isMember) found = reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }

        return found;
    }

    public static JobOutcome NotAllowed(string member) => Rejected(
        "url_not_allowed",
        $"The input names a URL in '{member}', which this type does not allow. Set \"allowCallerUrl\": true, or \"callerUrlMember\": \"\" if '{member}' means something else.");

    public static JobOutcome Missing(string member) => Rejected("url_missing", $"The input must name the URL in its member '{member}'.");

    public static JobOutcome Wrong(string member, string reason) => Rejected("url_forbidden", $"The URL in '{member}' is refused. {reason}");

    private static JobOutcome.Failed Rejected(string code, string message) => new(new JobError(code, message));
}
