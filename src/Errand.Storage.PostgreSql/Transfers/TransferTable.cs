using NpgsqlTypes;

namespace Errand.Storage.PostgreSql;

/// <summary>A table as rows on their way name it, and where its rows lie here.</summary>
/// <param name="Name">Its name on the way; the columns have the order of the values.</param>
/// <param name="Into">Where its rows are copied to; null where they follow from others.</param>
/// <param name="Columns">Columns and types.</param>
/// <param name="Select">How its rows are read.</param>
internal sealed record TransferTable(string Name, string? Into, IReadOnlyList<(string Name, NpgsqlDbType Type)> Columns, string Select)
{
    /// <summary>Tables with columns: <c>!</c> marks those that are read by a statement of <c>transfer.sql</c>.</summary>
    private const string Written =
        """
        lanes id:integer tenant:text queue:text type:text
        jobs! seq:bigint id:uuid lane:integer priority:smallint state:smallint version:bigint due_at:bigint created_at:bigint updated_at:bigint started_at:bigint finished_at:bigint expires_at:bigint deadline:bigint attempt:integer max_attempts:integer failures:integer losses:integer session:uuid token:bigint has_result:boolean unique_key:text cancel_reason:text error:bytea request_id:uuid tenant:text owner:text
        job_details job:bigint labels:bytea timeout:bigint retention:bigint correlation_id:text parent_id:text retry_of:text schedule_id:text traceparent:text tracestate:text item_count:integer fingerprint:text
        job_inputs! job:bigint version:integer upload:text json:bytea items:bytea
        job_labels tenant:text key:text value:text job:bigint
        job_results! job:bigint size:bigint status_code:integer content_type:text output:text digest:text body:bytea
        job_attempts job:bigint started_at:bigint finished_at:bigint entry:integer number:integer outcome:smallint error:bytea worker:text
        job_progress job:bigint sequence:bigint updated_at:bigint percent:double completed:bigint total:bigint failed:bigint unit:text message:text
        job_logs job:bigint last:bigint head_last:bigint head_bytes:bigint tail_first:bigint tail_bytes:bigint dropped:bigint
        job_messages! job:bigint sequence:bigint time:bigint source:integer attempt:integer severity:smallint text:text
        job_item_counts job:bigint completed:bigint failed:bigint
        job_items! job:bigint idx:integer status:smallint key:text result:bytea error:bytea
        job_outputs job:bigint created_at:bigint entry:integer attempt:integer id:text file_name:text
        job_output_formats job:bigint size:bigint output:integer position:integer format:text content_type:text digest:text location:text
        output_bytes tenant:text bytes:bigint
        leftovers job:bigint
        uploads size:bigint created_at:bigint expires_at:bigint items:integer tenant:text id:text owner:text format:text digest:text location:text
        upload_uses tenant:text upload:text job:bigint
        tombstones id:uuid purged_at:bigint tenant:text owner:text
        idempotency expires_at:bigint tenant:text scope:bytea fingerprint:bytea jobs:bytea
        queues name:text paused:boolean max_concurrency:integer rate:double
        types name:text seen_at:bigint declaration:bytea
        tokens id:text created_at:bigint expires_at:bigint revoked_at:bigint tenant:text subject:text secret_hash:bytea scopes:bytea roles:bytea
        keys name:text value:bytea
        schedules version:bigint next_at:bigint tenant:text name:text body:bytea
        clients version:bigint created_at:bigint revoked_at:bigint generation:integer id:text tenant:text scopes:bytea roles:bytea secrets:bytea
        collections version:bigint tenant:text name:text members:bytea types:bytea schedules:bytea
        counts! tenant:text queue:text type:text state:smallint jobs:bigint
        files! location:text staged_at:bigint size:bigint
        file_chunks! location:text number:integer staged_at:bigint bytes:bytea
        """;

    public static IReadOnlyList<TransferTable> All { get; } = [.. Written.Split('\n').Select(Parse)];

    /// <summary>The sessions of the other store: here they are over, and their jobs go back.</summary>
    public static TransferTable Sessions { get; } =
        Parse("sessions id:uuid opened_at:bigint expires_at:bigint slots:integer remote:boolean worker:text tenant:text queues:bytea types:bytea");

    public string CopyCommand => $"COPY {Into} ({string.Join(", ", Columns.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)";

    public static object Convert(object value, NpgsqlDbType type) => type switch
    {
        NpgsqlDbType.Integer => checked((int)(long)value),
        NpgsqlDbType.Smallint => checked((short)(long)value),
        NpgsqlDbType.Boolean => (long)value != 0,
        NpgsqlDbType.Uuid => new Guid((byte[])value, bigEndian: true),
        NpgsqlDbType.Double => value is long whole ? (double)whole : value,
        _ => value,
    };

    public static object? Normalize(object value) => value switch
    {
        DBNull => null,
        int number => (long)number,
        short number => (long)number,
        bool yes => yes ? 1L : 0L,
        Guid id => id.ToByteArray(bigEndian: true),
        _ => value,
    };

    private static TransferTable Parse(string line)
    {
        var words = line.Split(' ');
        var (name, isSpecial) = (words[0].TrimEnd('!'), words[0].EndsWith('!'));
        var columns = words[1..].Select(word => word.Split(':')).Select(pair => (pair[0], TypeOf(pair[1]))).ToList();
        var into = name switch { "jobs" => "moved_jobs", "counts" => null, _ => $"errand.{name}" };
        return new TransferTable(
            name, into, columns,
            isSpecial ? Sql.Of("transfer", name).Text : $"SELECT {string.Join(", ", columns.Select(column => column.Item1))} FROM errand.{name}");
    }

    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "smallint" => NpgsqlDbType.Smallint,
        "boolean" => NpgsqlDbType.Boolean,
        "double" => NpgsqlDbType.Double,
        "bytea" => NpgsqlDbType.Bytea,
        "uuid" => NpgsqlDbType.Uuid,
        "text" => NpgsqlDbType.Text,
        _ => throw new InvalidOperationException($"'{name}' is no type of a column that is moved."),
    };
}
