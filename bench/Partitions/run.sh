#!/usr/bin/env bash
# What partitions by job sequence cost a submit, a claim's read, a settle and a status read, and what they save retention, in plain SQL on a
# throw-away PostgreSQL; commits of the first part do not wait for the disk. Layouts: rows (one table each), cold (inputs, results, messages and items in ranges), whole (jobs and finished
# too, with the ids in a table of their own). Statements are those of src/Errand.Storage.PostgreSql/Sql; layouts take turns, so that a busy machine is shared out fairly.
# Usage: bench/Partitions/run.sh [SECONDS_EACH] [ROUNDS] [RANGES] [JOBS_PURGED]     (default 4 3 8 200000)
set -euo pipefail
seconds=${1:-4} rounds=${2:-3} ranges=${3:-8} purged=${4:-200000}
here=$(cd "$(dirname "$0")" && pwd)
migrations=$here/../../src/Errand.Storage.PostgreSql/Migrations
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
work=$(mktemp -d)
chmod 777 "$work"
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
stop() { (cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -m immediate -W stop > /dev/null 2>&1) || true; sleep 0.3; rm -rf "$work"; }
trap stop EXIT
(cd /tmp && "${as[@]}" "$programs/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale=C --no-sync > /dev/null)
cat >> "$work/pg/postgresql.conf" << CONF
listen_addresses = ''
unix_socket_directories = '$work'
shared_buffers = 256MB
max_wal_size = 1GB
jit = off
autovacuum = off
CONF
(cd /tmp && "${as[@]}" "$programs/pg_ctl" -D "$work/pg" -l "$work/log" -w start > /dev/null)
sql() { "$programs/psql" -h "$work" -U postgres -qAt "$@"; }

# make LAYOUT: a database with its tables, and a hundred thousand finished jobs spread over the ranges.
wide=$((100000 / ranges))
partition() { # TABLE KEY
    cat << SQL
CREATE TABLE errand.part (LIKE errand.$1 INCLUDING ALL) PARTITION BY RANGE ($2);
DROP TABLE errand.$1;
ALTER TABLE errand.part RENAME TO $1;
SELECT format('CREATE TABLE errand.$1_%s PARTITION OF errand.$1 FOR VALUES FROM (%s) TO (%s)', n, n * $wide, (n + 1) * $wide) FROM generate_series(0, $ranges - 1) AS n \gexec
CREATE TABLE errand.${1}_last PARTITION OF errand.$1 FOR VALUES FROM ($((wide * ranges))) TO (900000);
CREATE TABLE errand.${1}_next PARTITION OF errand.$1 FOR VALUES FROM (1000000) TO (9000000);
CREATE TABLE errand.${1}_default PARTITION OF errand.$1 DEFAULT;
SQL
}
make() {
    sql -c "CREATE DATABASE $1"
    {
        echo 'CREATE SCHEMA errand;'
        cat "$migrations"/000[1-6]*.sql
        if [ "$1" != rows ]; then for table in job_inputs job_results job_messages job_items; do partition "$table" job; done; fi
        if [ "$1" = whole ]; then
            echo 'DROP INDEX errand.jobs_id; CREATE TABLE errand.ids (id uuid, tenant text, seq bigint NOT NULL, PRIMARY KEY (id, tenant));'
            partition jobs seq
            partition finished seq
        fi
        cat << 'SQL'
INSERT INTO errand.lanes (tenant, queue, type) VALUES ('t', 'q', 'y');
SELECT setval('errand.job_sequence', 100000);
CREATE FUNCTION errand.fill(first bigint, last bigint, size integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO errand.jobs (seq, id, lane, priority, version, due_at, created_at, updated_at, attempt, max_attempts, failures, losses, request_id, tenant, owner)
    SELECT n, md5(n::text)::uuid, 1, 5, 1, n, n, n, 0, 5, 0, 0, gen_random_uuid(), 't', 'o' FROM generate_series(first, last) AS n;
    INSERT INTO errand.finished (seq, version, token, updated_at, finished_at, expires_at, attempt, failures, losses, state, has_result, tenant)
    SELECT n, 3, n, n, n, n, 1, 0, 0, 3, true, 't' FROM generate_series(first, last) AS n;
    INSERT INTO errand.job_inputs (job, version, json) SELECT n, 1, convert_to(repeat(md5(n::text), size / 32), 'UTF8') FROM generate_series(first, last) AS n;
    INSERT INTO errand.job_results (job, size, status_code, content_type, digest, body)
    SELECT n, size, 200, 'application/json', 'd', convert_to(repeat(md5(n::text), size / 32), 'UTF8') FROM generate_series(first, last) AS n;
$$;
SELECT errand.fill(1, 99999, 256);
SQL
        if [ "$1" = whole ]; then echo "INSERT INTO errand.ids SELECT id, tenant, seq FROM errand.jobs;"; fi
        echo 'VACUUM ANALYZE; CHECKPOINT;'
    } > "$work/make.sql"
    sql -d "$1" -v ON_ERROR_STOP=1 -f "$work/make.sql" > /dev/null
}

# The statements of one job or of a hundred. A settle's result and a claim's read are told apart by what they name.
ids() { [ "$1" != whole ] || echo "INSERT INTO errand.ids SELECT n.id, 't', n.seq FROM new AS n"; }
submit() { # LAYOUT HOW_MANY
    cat << SQL
WITH new AS (SELECT nextval('errand.job_sequence') AS seq, gen_random_uuid() AS id FROM generate_series(1, $2)),
$([ "$1" != whole ] || echo "ids AS (INSERT INTO errand.ids SELECT id, 't', seq FROM new),")
job AS (INSERT INTO errand.jobs (seq, id, lane, priority, version, due_at, created_at, updated_at, attempt, max_attempts, failures, losses, request_id, tenant, owner)
    SELECT seq, id, 1, 5, 1, 1, 1, 1, 0, 5, 0, 0, id, 't', 'o' FROM new),
place AS (INSERT INTO errand.waiting (shelf, due_at, seq, version, slot) SELECT 30, 1, seq, 1, 0 FROM new)
INSERT INTO errand.job_inputs (job, version, json) SELECT seq, 1, convert_to(repeat('x', 256), 'UTF8') FROM new;
SQL
}
from='FROM errand.jobs AS jobs JOIN errand.lanes AS lanes ON lanes.id = jobs.lane
LEFT JOIN LATERAL (SELECT * FROM errand.claimed AS one WHERE one.seq = jobs.seq OFFSET 0) AS claimed ON true
LEFT JOIN errand.finished AS finished ON finished.seq = jobs.seq
LEFT JOIN errand.job_details AS details ON details.job = jobs.seq'
claim() { # the keys of ten jobs
    printf '\\set first random(1, 99000)\n'
    cat << SQL
SELECT jobs.seq, input.json $from LEFT JOIN errand.job_inputs AS input ON input.job = jobs.seq
WHERE jobs.seq = ANY (ARRAY(SELECT generate_series(:first::bigint, :first::bigint + 9)));
SQL
}
find() {
    printf '\\set n random(1, 99000)\n'
    local named="JOIN errand.jobs AS jobs ON jobs.id = wanted.id AND jobs.tenant || '' = wanted.tenant"
    [ "$1" != whole ] || named="JOIN errand.ids AS ids ON ids.id = wanted.id AND ids.tenant || '' = wanted.tenant JOIN errand.jobs AS jobs ON jobs.seq = ids.seq"
    cat << SQL
SELECT wanted.place, result.digest, input.json FROM unnest(ARRAY[md5(:n::text)::uuid], ARRAY['t'], ARRAY[false]) WITH ORDINALITY AS wanted (id, tenant, input, place)
$named ${from#FROM errand.jobs AS jobs} LEFT JOIN errand.job_results AS result ON result.job = jobs.seq
LEFT JOIN errand.job_inputs AS input ON wanted.input AND input.job = jobs.seq;
SQL
}
settle() { # a hundred that were not finished before
    cat << 'SQL'
WITH new AS (SELECT nextval('errand.token_sequence') + 1000000 AS seq FROM generate_series(1, 100)),
place AS (INSERT INTO errand.finished (seq, version, token, updated_at, finished_at, expires_at, attempt, failures, losses, state, has_result, tenant)
    SELECT seq, 3, seq, seq, seq, seq, 1, 0, 0, 3, true, 't' FROM new ON CONFLICT (seq) DO UPDATE SET version = excluded.version)
INSERT INTO errand.job_results (job, size, status_code, content_type, digest, body)
SELECT seq, 256, 200, 'application/json', 'd', convert_to(repeat('x', 256), 'UTF8') FROM new ON CONFLICT (job) DO UPDATE SET digest = excluded.digest;
SQL
}

for layout in rows cold whole; do
    make "$layout"
    submit "$layout" 1 > "$work/submit-1-$layout"; submit "$layout" 100 > "$work/submit-100-$layout"
    claim > "$work/claim-10-$layout"; find "$layout" > "$work/find-$layout"; settle > "$work/settle-100-$layout"
done
printf '%-12s %-6s %s\n' what layout "milliseconds each (the median of $rounds rounds of $seconds s, $ranges ranges)"
for what in submit-1 submit-100 claim-10 settle-100 find; do
    for round in $(seq "$rounds"); do
        for layout in rows cold whole; do
            PGOPTIONS='-c synchronous_commit=off' "$programs/pgbench" -h "$work" -U postgres -n -M prepared -T "$seconds" -c 1 -f "$work/$what-$layout" "$layout" 2>&1 \
                | sed -n 's/^latency average = \([0-9.]*\) ms/\1/p' >> "$work/out-$what-$layout"
        done
    done
    for layout in rows cold whole; do printf '%-12s %-6s %s\n' "$what" "$layout" "$(sort -n "$work/out-$what-$layout" | sed -n "$(((rounds + 1) / 2))p")"; done
done

[ "$purged" != 0 ] || exit 0
echo "retention of $purged jobs with an input and a result of 2 KiB each, 1,000 at a time, the server flushed before:"
for layout in rows cold whole; do
    sql -d "$layout" << SQL > /dev/null
$([ "$layout" = rows ] || for table in job_inputs job_results job_messages job_items $([ "$layout" != whole ] || echo jobs finished); do
    echo "CREATE TABLE errand.${table}_purged PARTITION OF errand.$table FOR VALUES FROM (1000000000) TO (2000000000);"; done)
SELECT errand.fill(1000000001, 1000000000 + $purged, 2048);
$([ "$layout" != whole ] || echo "INSERT INTO errand.ids SELECT id, tenant, seq FROM errand.jobs WHERE seq > 1000000000;")
ANALYZE;
CHECKPOINT;
SQL
    before=$(sql -d "$layout" -c 'SELECT pg_current_wal_insert_lsn()') from_time=$(date +%s.%N)
    case $layout in
        rows) parts='job_results job_inputs finished jobs' ;;
        cold) parts='finished jobs' ;;
        whole) parts='ids' ;;
    esac
    {
        echo "DO \$\$ BEGIN FOR n IN 0 .. $purged / 1000 - 1 LOOP"
        for table in $parts; do
            key=job; case $table in jobs | finished | ids) key=seq ;; esac
            if [ "$table" = ids ]; then
                echo "DELETE FROM errand.ids USING errand.jobs WHERE jobs.seq = ANY (ARRAY(SELECT generate_series(1000000001 + n * 1000, 1000001000 + n * 1000))) AND ids.id = jobs.id AND ids.tenant = jobs.tenant;"
            else
                echo "DELETE FROM errand.$table WHERE $key = ANY (ARRAY(SELECT generate_series(1000000001 + n * 1000, 1000001000 + n * 1000)::bigint));"
            fi
        done
        echo 'COMMIT; END LOOP; END $$;'
        [ "$layout" = rows ] || for table in job_inputs job_results job_messages job_items $([ "$layout" != whole ] || echo jobs finished); do echo "DROP TABLE errand.${table}_purged;"; done
    } | sql -d "$layout" -v ON_ERROR_STOP=1
    took=$(echo "$(date +%s.%N) - $from_time" | bc)
    sleep 1
    printf '%-6s %6.1f s  %5s MB of log  %s dead rows\n' "$layout" "$took" \
        "$(sql -d "$layout" -c "SELECT (pg_current_wal_insert_lsn() - '$before'::pg_lsn)::bigint / 1000000")" \
        "$(sql -d "$layout" -c "SELECT sum(n_dead_tup) FROM pg_stat_user_tables")"
done
