using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>The entity tag of a schedule: its revision in quotes.</summary>
internal static class ScheduleTag
{
    public static string Of(Schedule schedule) => $"\"{schedule.Revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The revision that If-Match names; null without one, and for <c>*</c>. A tag that is not ours matches nothing.</summary>
    public static long? Wanted(HttpRequest request) => request.Headers.IfMatch switch
    {
        [] or ["*"] => null,
        [['"', .. var inner, '"']] when long.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) => revision,
        _ => -1,
    };
}
