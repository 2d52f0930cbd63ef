using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Errand.Configuration;

/// <summary>
/// Options from a section of the app's configuration. The binder of the framework stops at the first key that it cannot read and says
/// nothing of a misspelt one; here every mistake is told at once, by its key, with a value that would do.
/// </summary>
internal sealed class SectionOptions<TOptions>(IConfiguration? configuration, string section, SectionKey<TOptions>[] keys)
    : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class, new()
{
    public void Configure(TOptions options)
    {
        foreach (var (key, text, _) in Given()) key?.Set(options, text);
    }

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> mistakes = [];
        foreach (var (key, text, entry) in Given())
        {
            if (key is null) mistakes.Add(Unknown(entry));
            else if (!key.Set(new TOptions(), text)) mistakes.Add($"{section}:{entry} is '{text}', which cannot be read. Write it as \"{entry}\": {key.Example}.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private string Unknown(string entry)
    {
        string[] names = [.. keys.Select(key => key.Name)];
        return $"{section}:{entry} is no setting.{Suggestion.For(entry, names)} Settings here: {string.Join(", ", names)}.";
    }

    /// <summary>What the section says. A section below it that is no list of ours belongs to someone else.</summary>
    private IEnumerable<(SectionKey<TOptions>? Key, string Text, string Entry)> Given()
    {
        if (configuration is null) yield break;
        foreach (var entry in configuration.GetSection(section).GetChildren())
        {
            var key = Array.Find(keys, k => k.Name.Equals(entry.Key, StringComparison.OrdinalIgnoreCase));
            var text = entry.Value ?? (key is null ? null : string.Join(',', entry.GetChildren().Select(item => item.Value)));
            if (text is not null) yield return (key, text, key?.Name ?? entry.Key);
        }
    }
}
