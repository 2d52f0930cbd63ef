// Two handlers: one counts words, one looks over the rows of a batch.  npm run build && ERRAND_URL=… ERRAND_TOKEN=… node dist/worker.js
import { Rejected, run, type ItemOutcome, type Job } from './errand-worker.js';

function count(job: Job) {
  const text = job.input?.text;
  if (typeof text !== 'string') throw new Rejected('the input needs a text');
  job.log(`attempt ${job.attempt} counts`);
  job.progress(1, 1);
  return { words: text.split(/\s+/).filter((word) => word !== '').length, by: 'typescript' };
}

async function check(job: Job) {
  let [rows, failed] = [0, 0];
  for await (const { index, item } of job.items()) {
    if (job.signal.aborted) return null;
    const good = String(item.name ?? '').trim() !== '';
    const outcome: ItemOutcome = good
      ? { index, status: 'succeeded', result: { name: item.name } }
      : { index, status: 'failed', error: { code: 'no-name', message: 'the row has no name' } };
    await job.report([outcome]);
    rows++;
    if (!good) failed++;
  }
  return { rows, failed };
}

await run({ 'text.count': count, 'rows.check': check });
