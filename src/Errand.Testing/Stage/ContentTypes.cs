namespace Errand.Testing.Stage;

/// <summary>What a scripted file is called and made of.</summary>
internal static class ContentTypes
{
    public static string Of(string format) => format switch
    {
        "csv" => "text/csv",
        "json" => "application/json",
        "html" => "text/html",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    };

    /// <summary>The name of an output: the file's, with what a name cannot have as a dash.</summary>
    public static string IdOf(string fileName) => string.Concat(fileName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-'));
}
