// usage: node pg-boss.mjs POSTGRES-URL
import { createRequire } from 'node:module';
import PgBoss from 'pg-boss';
import { argument, run, runWorkloads } from './workloads.mjs';

const queue = 'noop';
const batchSize = 1000;
const boss = new PgBoss({ connectionString: process.argv[2], max: 25 });
boss.on('error', error => console.error(error));
let worker;

await runWorkloads({
  version: createRequire(import.meta.url)('pg-boss/package.json').version,
  settings: [
    `work() with batchSize ${batchSize}, notifyWorker() after each submit and each full batch in place of the polling interval: pg-boss 10's docs/readme.md, "work()" and "notifyWorker()"`,
    'send for one, insert for many, a pool of 25: the same page',
  ],
  async open() {
    await boss.start();
    await boss.createQueue(queue);
  },
  async submit() {
    await boss.send(queue, { argument });
    if (worker) boss.notifyWorker(worker);
  },
  submitMany: jobs => boss.insert(Array.from({ length: jobs }, () => ({ name: queue, data: { argument } }))),
  async startWorker() {
    worker = await boss.work(queue, { batchSize, pollingIntervalSeconds: 0.5 }, async jobs => {
      for (let n = 0; n < jobs.length; n++) run();
      if (jobs.length === batchSize && worker) boss.notifyWorker(worker);
    });
  },
  async stopWorker() {
    const id = worker;
    worker = undefined;
    await boss.offWork({ id });
  },
  unfinished: () => boss.getQueueSize(queue, { before: 'completed' }),
  close: () => boss.stop({ graceful: true, wait: true, timeout: 5000 }),
});
