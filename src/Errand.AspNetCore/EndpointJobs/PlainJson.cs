using System.Text.Json.Serialization;

namespace Errand.AspNetCore;

/// <summary>What stands in routes and queries, for apps whose own context does not list it.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(float?))]
[JsonSerializable(typeof(decimal?))]
[JsonSerializable(typeof(Guid?))]
[JsonSerializable(typeof(DateTime?))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(DateOnly?))]
[JsonSerializable(typeof(TimeOnly?))]
[JsonSerializable(typeof(TimeSpan?))]
[JsonSerializable(typeof(Uri))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(CallerSnapshot))]
internal sealed partial class PlainJson : JsonSerializerContext;

/// <summary>What is kept of a caller beside tenant and owner, which the job itself has.</summary>
/// <param name="Scopes">Scopes.</param>
/// <param name="Roles">Roles.</param>
/// <param name="Claims">What <see cref="ErrandApiOptions.MapPrincipal"/> chose to keep.</param>
internal sealed record CallerSnapshot(IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles, IReadOnlyDictionary<string, string> Claims);
