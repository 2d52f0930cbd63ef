namespace Errand.Handlers;

/// <summary>What can be wrong with a batch beyond what can be wrong with any request.</summary>
internal static class HttpBatchOptionsRules
{
    public static void Check(HttpBatchHandlerOptions options, ICollection<JobFieldError> errors)
    {
        HttpOptionsRules.Check(options, errors);
        if (options.Url is { } url)
        {
            if (UrlTemplate.Problem(url) is { } problem) errors.Add(new("#/url", problem));
            else HttpOptionsRules.CheckUrl(UrlTemplate.Example(url), errors);
        }

        if (options.AllowCallerUrl) errors.Add(new("#/allowCallerUrl", "A batch goes to the configured URL only; leave \"allowCallerUrl\" out."));
        if (options.Concurrency is < 1 or > 256) errors.Add(new("#/concurrency", $"It is {options.Concurrency}; 1 to 256 is expected."));
        if (options.ItemAttempts is < 1 or > 20) errors.Add(new("#/itemAttempts", $"It is {options.ItemAttempts}; 1 to 20 is expected."));
        if (options.ItemKey is "") errors.Add(new("#/itemKey", "It is empty; name a member of the items, or leave it out."));
    }
}
