using Microsoft.Extensions.Options;

namespace Errand.AspNetCore;

/// <summary>Tells every mistake about clients, users and collections at the start.</summary>
internal sealed class ErrandIdentityOptionsRules : IValidateOptions<ErrandIdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, ErrandIdentityOptions options) =>
        options.Mistakes().ToList() is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
}
