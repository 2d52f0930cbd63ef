using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>Tells every mistake in the API's options at once.</summary>
internal sealed class ErrandApiOptionsRules : IValidateOptions<ErrandApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ErrandApiOptions options)
    {
        var mistakes = options.Mistakes().ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
