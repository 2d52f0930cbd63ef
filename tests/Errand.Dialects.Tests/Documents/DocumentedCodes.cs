using System.Globalization;
using System.Text.RegularExpressions;

namespace Errand.Dialects.Tests;

/// <summary>Every status code of the vendors' pages has been on the wire and is kept.</summary>
[Collection(nameof(WhatIsKept))]
public sealed partial class DocumentedCodes
{
    /// <summary>Wire, route as a pattern, and the codes that its page lists.</summary>
    public static readonly TheoryData<string, string, int[]> Documented = new()
    {
        { "workiva-queue-jobs", "GET /spreadsheets/v1/queue-jobs/[^/]+", [200, 303, 400, 401, 403, 404, 410, 422, 500] },
        { "workiva-queue-jobs", "PUT /spreadsheets/v1/async/.+", [202, 400, 401, 413] },

        // 409 belongs to the results, which lie below the operation: a status by itself never conflicts.
        { "workiva-operations", "GET /platform/v1/operations/[^/]+", [200, 400, 401, 403, 404, 429, 500, 503] },
        { "workiva-operations", "GET /platform/v1/operations/[^/]+/[a-zA-Z]+Results", [200, 403, 409] },
        { "workiva-operations", "POST .*/files/[^/]+/copy", [202, 400, 401, 403, 413] },
        { "zendesk", "GET /api/v2/job_statuses/[^/]+", [200, 401, 403, 404, 500, 503] },
        { "zendesk", "GET /api/v2/job_statuses", [200, 429] },
        { "zendesk", "GET /api/v2/job_statuses/show_many(.json)?", [200, 400] },
        { "zendesk", "(POST|PUT|DELETE) /api/v2/tickets/[a-z_]+_many(.json)?", [200, 400, 401, 413, 422, 429] },
        { "alteryx", "GET /webapi/v3/jobs/[^/]+", [200, 401, 404] },
        { "alteryx", "GET /webapi/v3/jobs/[^/]+/messages", [200, 401, 404] },
        { "alteryx", "GET /webapi/v3/workflows/[^/]+/jobs", [200, 400, 401, 404] },
        { "alteryx", "POST /webapi/v3/workflows/[^/]+/jobs", [200, 400, 401, 403, 404] },
        { "alteryx", "GET /webapi/v1/jobs/[^/]+/output/[^/]+", [200, 400, 404] },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public void Each_is_in_a_transcript(string wire, string route, int[] codes)
    {
        var pattern = new Regex($"^{route}$", RegexOptions.None, TimeSpan.FromSeconds(1));
        var seen = Directory.EnumerateFiles(Path.Combine(DialectPages.Transcripts, wire), "*.http")
            .SelectMany(file => Exchange().Matches(File.ReadAllText(file)))
            .Where(exchange => pattern.IsMatch($"{exchange.Groups["method"].Value} {exchange.Groups["path"].Value}"))
            .Select(exchange => int.Parse(exchange.Groups["status"].Value, CultureInfo.InvariantCulture)).ToHashSet();

        Assert.Equal([], codes.Where(code => !seen.Contains(code)));
    }

    // A request line, and the status line that comes next.
    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<path>/[^ ?]*)[^ ]* HTTP/1\.1$.*?^HTTP/1\.1 (?<status>\d{3})$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exchange();
}
