using System.Text.Json.Serialization;
using Errand.Storage;

namespace Errand.Cli.Identity;

/// <summary>A token as it is printed.</summary>
internal sealed record TokenResource
{
    public required string Id { get; init; }

    public required string Subject { get; init; }

    public required string Tenant { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Roles { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The token itself, only when it was just made.</summary>
    public string? Token { get; init; }

    public static TokenResource From(AccessToken token, string? text = null) => new()
    {
        Id = token.Id,
        Subject = token.Subject,
        Tenant = token.Tenant,
        Scopes = token.Scopes,
        Roles = token.Roles,
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        RevokedAt = token.RevokedAt,
        Token = text,
    };
}

/// <summary>How what only the executable prints is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenResource))]
[JsonSerializable(typeof(ClientResource))]
[JsonSerializable(typeof(CollectionResource))]
[JsonSerializable(typeof(HashResource))]
[JsonSerializable(typeof(Commands.BackupResource))]
[JsonSerializable(typeof(Commands.MoveResource))]
[JsonSerializable(typeof(Doctor.Finding))]
[JsonSerializable(typeof(Torturing.TortureDocument))]
[JsonSerializable(typeof(Fakes.FakeLine))]
[JsonSerializable(typeof(Fakes.FakeOverview))]
[JsonSerializable(typeof(Fakes.FakeScriptRequest))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
