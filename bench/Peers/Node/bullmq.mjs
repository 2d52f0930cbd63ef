// usage: node bullmq.mjs REDIS-PORT
import { createRequire } from 'node:module';
import { Queue, Worker } from 'bullmq';
import { argument, run, runWorkloads } from './workloads.mjs';

const connection = { host: '127.0.0.1', port: Number(process.argv[2]) };
const concurrency = 100;
const keep = { removeOnComplete: { count: 1000 } };
const queue = new Queue('noop', { connection, defaultJobOptions: keep });
const job = { name: 'noop', data: argument };
let worker;

await runWorkloads({
  version: createRequire(import.meta.url)('bullmq/package.json').version,
  settings: [
    `concurrency ${concurrency}: docs.bullmq.io/guide/workers/concurrency`,
    'add for one, addBulk for many: docs.bullmq.io/guide/queues/adding-bulks',
    'removeOnComplete keeps 1,000: docs.bullmq.io/guide/queues/auto-removal-of-jobs',
    'Redis with appendonly yes and appendfsync always; maxmemory-policy noeviction: docs.bullmq.io/guide/going-to-production asks for both, with everysec as the least',
  ],
  open: () => queue.waitUntilReady(),
  submit: () => queue.add(job.name, job.data),
  submitMany: jobs => queue.addBulk(Array.from({ length: jobs }, () => job)),
  async startWorker() {
    worker = new Worker('noop', async () => run(), { connection, concurrency });
    worker.on('error', error => console.error(error.message));
    await worker.waitUntilReady();
  },
  stopWorker: () => worker.close(),
  async unfinished() {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'paused');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  },
  close: () => queue.close(),
});
