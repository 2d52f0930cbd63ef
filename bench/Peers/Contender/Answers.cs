using System.Text.Json;

namespace Errand.Peers;

/// <summary>What a contender tells the bench: lines of JSON between whatever else its libraries print.</summary>
public static class Answers
{
    /// <summary>Stands before each line.</summary>
    public const string Mark = "PEERS ";

    /// <summary>Which version ran, with which settings.</summary>
    public static void About(string version, IReadOnlyList<string> settings) => Print(new { about = new { version, settings } });

    /// <summary>So many were done in so many seconds.</summary>
    public static void Rate(string work, long count, double seconds) => Print(new { work, rate = count / seconds, count, seconds });

    /// <summary>How long each sample took, in milliseconds.</summary>
    public static void Times(string work, List<double> milliseconds)
    {
        milliseconds.Sort();
        Print(new { work, p50 = milliseconds[milliseconds.Count / 2], p99 = milliseconds[milliseconds.Count * 99 / 100], count = milliseconds.Count });
    }

    private static void Print<T>(T line) => Console.WriteLine(Mark + JsonSerializer.Serialize(line));
}
