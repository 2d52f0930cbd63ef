using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Errand.Client;

/// <summary>JSON by reflection, for those who do not publish trimmed.</summary>
internal static class Reflected
{
    public const string Message =
        "JSON is read and written by reflection here; when trimming or publishing AOT, use the overload that takes a JsonTypeInfo.";

    [RequiresUnreferencedCode(Message), RequiresDynamicCode(Message)]
    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)JsonSerializerOptions.Web.GetTypeInfo(typeof(T));
}
