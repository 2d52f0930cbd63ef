using System.Globalization;

namespace Errand.Configuration;

/// <summary>One setting of a section.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Example">A value that would do, as it stands in a JSON file.</param>
/// <param name="Set">Sets it; false when the text cannot be read.</param>
internal sealed record SectionKey<TOptions>(string Name, string Example, Func<TOptions, string, bool> Set);

/// <summary>Reads a value from its text.</summary>
internal delegate bool ReadValue<TValue>(string text, out TValue value);

/// <summary>Makes settings.</summary>
internal static class SectionKey
{
    public static SectionKey<TOptions> Of<TOptions, TValue>(string name, string example, ReadValue<TValue> read, Action<TOptions, TValue> set) =>
        new(name, example, (options, text) =>
        {
            if (!read(text, out var value)) return false;
            set(options, value);
            return true;
        });

    public static SectionKey<TOptions> Number<TOptions>(string name, string example, Action<TOptions, long> set) =>
        Of<TOptions, long>(name, example, (string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), set);

    public static SectionKey<TOptions> Count<TOptions>(string name, string example, Action<TOptions, int> set) =>
        Of<TOptions, int>(name, example, (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), set);

    public static SectionKey<TOptions> Flag<TOptions>(string name, Action<TOptions, bool> set) => Of<TOptions, bool>(name, "true", bool.TryParse, set);

    public static SectionKey<TOptions> Time<TOptions>(string name, string example, Action<TOptions, TimeSpan> set) =>
        Of<TOptions, TimeSpan>(name, $"\"{example}\"", (string text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value), set);

    public static SectionKey<TOptions> Text<TOptions>(string name, string example, Action<TOptions, string> set) => new(name, $"\"{example}\"", (options, text) =>
    {
        set(options, text);
        return true;
    });

    public static SectionKey<TOptions> Url<TOptions>(string name, string example, Action<TOptions, Uri> set) =>
        Of<TOptions, Uri?>(name, $"\"{example}\"", (string text, out Uri? value) => Uri.TryCreate(text, UriKind.Absolute, out value), (options, value) => set(options, value!));
}
