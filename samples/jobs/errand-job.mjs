// The talk of a `command` job with Errand: one JSON object on stdin, one JSON object a line on stdout.
import { closeSync, createReadStream, openSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What Errand says of this attempt: `{ job, input, itemsFile }`. */
export const request = JSON.parse(readFileSync(0, 'utf8'));

const say = (word, members) => process.stdout.write(JSON.stringify({ errand: word, ...members }) + '\n');

export const progress = (completed, total, message) => say('progress', { completed, total, message });
export const message = (severity, text) => say('message', { severity, text });
export const result = (value) => say('result', { value });
export const succeeded = (key, value) => say('item', { key, status: 'succeeded', result: value });
export const failed = (key, code, text) => say('item', { key, status: 'failed', error: { code, message: text } });

/** The items of the batch, one object at a time. */
export async function* items() {
  if (!request.itemsFile) return;
  for await (const line of createInterface({ input: createReadStream(request.itemsFile), crlfDelay: Infinity })) {
    if (line) yield JSON.parse(line);
  }
}

/** How many items there are: one line each. */
export async function countItems() {
  let count = 0;
  for await (const _ of items()) count++;
  return count;
}

/** One output in three formats: `name.csv`, `name.json`, `name.ndjson`, written row by row. */
export function table(name, columns) {
  const [csv, json, ndjson] = ['csv', 'json', 'ndjson'].map((format) => openSync(`${name}.${format}`, 'w'));
  const cell = (value) => (/[",\r\n]/.test(value ?? '') ? `"${value.replaceAll('"', '""')}"` : `${value ?? ''}`);
  writeSync(csv, columns.join(',') + '\r\n');
  let rows = 0;
  return {
    add(row) {
      writeSync(csv, columns.map((column) => cell(row[column])).join(',') + '\r\n');
      writeSync(json, (rows++ === 0 ? '[\n' : ',\n') + JSON.stringify(row));
      writeSync(ndjson, JSON.stringify(row) + '\n');
    },
    close() {
      writeSync(json, rows === 0 ? '[]\n' : '\n]\n');
      [csv, json, ndjson].forEach(closeSync);
    },
  };
}
