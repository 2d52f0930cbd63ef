// rows.profile: looks over any table. Two passes: what the columns hold, then each row against it.
// A row with a missing cell or with a text in a column of numbers is a failed item; the job goes on.
import * as errand from './errand-job.mjs';

const NUMBER = /^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/;
const text = (value) => (value == null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** One pass over everything, keeping counts only: the table may be of any length. */
async function profile() {
  const columns = new Map();
  let rows = 0;
  for await (const row of errand.items()) {
    rows++;
    for (const [name, value] of Object.entries(row)) {
      const column = columns.get(name) ?? { filled: 0, numbers: 0, longest: 0, min: Infinity, max: -Infinity };
      const cell = text(value);
      if (cell !== '') column.filled++;
      if (NUMBER.test(cell)) {
        column.numbers++;
        column.min = Math.min(column.min, Number(cell));
        column.max = Math.max(column.max, Number(cell));
      }
      column.longest = Math.max(column.longest, cell.length);
      columns.set(name, column);
    }
  }
  return { rows, columns };
}

/** A column that nearly always holds a number is a column of numbers; one that is nearly always filled must be. */
function rulesOf({ rows, columns }) {
  return [...columns].map(([name, column]) => ({
    name, numeric: column.filled > 0 && column.numbers >= 0.9 * column.filled, required: column.filled >= 0.9 * rows,
  }));
}

function problemsOf(row, rules) {
  return rules.flatMap(({ name, numeric, required }) => {
    const cell = text(row[name]);
    if (cell === '') return required ? [`'${name}' is empty`] : [];
    return numeric && !NUMBER.test(cell) ? [`'${name}' is not a number: ${cell.slice(0, 40)}`] : [];
  });
}

const seen = await profile();
const rules = rulesOf(seen);
const table = errand.table('rows', ['row', 'verdict', 'filled', 'problems']);
errand.message('info', `${seen.rows} rows, ${rules.length} columns, ${rules.filter((rule) => rule.numeric).length} of them numeric.`);

let done = 0;
let bad = 0;
for await (const row of errand.items()) {
  const problems = problemsOf(row, rules);
  const key = String(++done);
  const filled = Object.values(row).filter((value) => text(value) !== '').length;
  if (problems.length === 0) errand.succeeded(key, { filled });
  else {
    bad++;
    errand.failed(key, 'bad_row', problems.join('; '));
  }
  table.add({ row: key, verdict: problems.length === 0 ? 'good' : 'bad', filled: String(filled), problems: problems.join('; ') });
  errand.progress(done, seen.rows);
}

table.close();
if (bad > 0) errand.message('warning', `${bad} of ${done} rows have problems.`);
errand.result({
  rows: done, bad,
  columns: rules.map(({ name, numeric, required }) => {
    const { filled, longest, min, max } = seen.columns.get(name);
    return { name, numeric, required, filled, longest, ...(numeric ? { min, max } : {}) };
  }),
});
