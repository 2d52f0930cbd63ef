namespace Errand.Client;

/// <summary>Bytes on their way. Dispose it.</summary>
public sealed class Download : IDisposable
{
    private readonly HttpResponseMessage _response;

    internal Download(HttpResponseMessage response, Stream content)
    {
        _response = response;
        Content = content;
    }

    /// <summary>The bytes.</summary>
    public Stream Content { get; }

    /// <summary>The media type.</summary>
    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    /// <summary>The name that the server suggests, without any folder.</summary>
    public string? FileName =>
        Path.GetFileName((_response.Content.Headers.ContentDisposition?.FileNameStar
            ?? _response.Content.Headers.ContentDisposition?.FileName)?.Trim('"'));

    /// <summary>Length in bytes, if known.</summary>
    public long? Size => _response.Content.Headers.ContentLength;

    /// <inheritdoc/>
    public void Dispose() => _response.Dispose();
}
