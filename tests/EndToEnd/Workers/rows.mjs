// A command job that reports every row of its items file, and says how many there were.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

let order = '';
for await (const chunk of process.stdin) order += chunk;
const { itemsFile } = JSON.parse(order);

let rows = 0;
let page = '';
for await (const line of createInterface({ input: createReadStream(itemsFile) })) {
  const row = JSON.parse(line);
  page += JSON.stringify({ errand: 'item', key: String(rows), status: row.n === '13' ? 'failed' : 'succeeded', ...(row.n === '13' ? { error: { code: 'unlucky', message: 'thirteen' } } : { result: row.n }) }) + '\n';
  rows++;
  if (page.length > 60000) {
    if (!process.stdout.write(page)) await new Promise((go) => process.stdout.once('drain', go));
    page = '';
  }
}

process.stdout.write(page + JSON.stringify({ errand: 'result', value: { rows } }) + '\n');
