using System.Reflection;

namespace Errand.Hosting;

/// <summary>Tools that run an app's entry point to look at its host: they must find it as it is, and leave the store alone.</summary>
internal static class BuildTools
{
    /// <summary>The tool in whose process we are, in a sentence; null when there is none.</summary>
    public static string? Running() => Name(Assembly.GetEntryAssembly()?.GetName().Name);

    /// <summary>By the name of the process's entry assembly: the OpenAPI generator of Microsoft.Extensions.ApiDescription.Server, and <c>dotnet ef</c>.</summary>
    public static string? Name(string? entry) => entry is "GetDocument.Insider" or "dotnet-getdocument" or "ef" or "dotnet-ef"
        ? $"The host was started by {entry}. Set Errand:Start to true to start it all the same."
        : null;
}
