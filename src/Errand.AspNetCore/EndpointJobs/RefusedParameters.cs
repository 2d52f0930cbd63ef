using System.IO.Pipelines;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Errand.AspNetCore;

/// <summary>What cannot outlive a request, and what to take instead.</summary>
internal static class RefusedParameters
{
    private static readonly (Type Type, string Why)[] Refused =
    [
        (typeof(HttpContext), "it ends with the request, long before the job runs. Take what you need of it as parameters: values of the route, the query or the body, services, JobCaller"),
        (typeof(HttpRequest), "it ends with the request, long before the job runs. Take what you need of it as parameters"),
        (typeof(HttpResponse), "the answer is sent before the job runs. Return a value or an IResult; it becomes the job's result"),
        (typeof(ClaimsPrincipal), "a signed-in user is not stored with a job. Take JobCaller: tenant, owner, scopes, roles and the claims that MapPrincipal keeps"),
        (typeof(Stream), "the body of the request is gone when the job runs. Send the bytes to POST /v1/uploads first and take the upload's id"),
        (typeof(PipeReader), "the body of the request is gone when the job runs. Send the bytes to POST /v1/uploads first and take the upload's id"),
        (typeof(IFormFile), "a posted file is gone when the job runs. Send it to POST /v1/uploads first and take the upload's id"),
        (typeof(IFormFileCollection), "posted files are gone when the job runs. Send them to POST /v1/uploads first and take the uploads' ids"),
        (typeof(IFormCollection), "a form may hold files, which are gone when the job runs. Take its fields as parameters with [FromForm]"),
    ];

    /// <summary>Why a parameter cannot be stored; null when it can.</summary>
    public static string? Mistake(ParameterInfo parameter, JsonSerializerOptions json)
    {
        if (parameter.GetCustomAttributes().Any(a => a is IFromHeaderMetadata))
            return $"Parameter '{parameter.Name}' comes from a header, and headers are never stored with a job. Take it from the query or the body.";
        return Mistake(parameter.ParameterType, $"Parameter '{parameter.Name}'", json, []);
    }

    private static string? Mistake(Type type, string what, JsonSerializerOptions json, HashSet<Type> seen)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (!seen.Add(bare)) return null;
        if (Array.Find(Refused, r => r.Type.IsAssignableFrom(bare)) is { Type: not null } refused) return $"{what} is a {bare.Name}: {refused.Why}.";
        JsonTypeInfo info;
        try
        {
            info = json.GetTypeInfo(bare);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            return $"{what} is a {bare.Name}, which no JsonSerializerContext of the app knows. Add [JsonSerializable(typeof({bare.Name}))] to yours and put that "
                + "into builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJson.Default)).";
        }

        if (info.ElementType is { } element) return Mistake(element, what, json, seen);
        return info.Properties.Select(member => Mistake(member.PropertyType, $"{what}, member '{member.Name}'", json, seen)).FirstOrDefault(m => m is not null);
    }
}
