// usage: node graphile-worker.mjs POSTGRES-URL
import { createRequire } from 'node:module';
import { Logger, makeWorkerUtils, run as runWorker } from 'graphile-worker';
import pg from 'pg';
import { argument, run, runWorkloads } from './workloads.mjs';

const quiet = new Logger(() => (level, message) => { if (level === 'error') console.error(message); });
const pool = new pg.Pool({ connectionString: process.argv[2], max: 25 });
// An error of a connection that nobody waits for has no other listener, and would end the process.
pool.on('error', error => console.error(error.message));
pool.on('connect', client => client.on('error', error => console.error(error.message)));
let utils;
let worker;

await runWorkloads({
  version: createRequire(import.meta.url)('graphile-worker/package.json').version,
  settings: [
    'concurrentJobs 24, maxPoolSize 25, localQueue.size 500, completeJobBatchDelay 0, failJobBatchDelay 0: as in worker.graphile.org/docs/performance',
    'addJob for one, addJobs for many: worker.graphile.org/docs/library/add-job',
  ],
  async open() {
    utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
    await utils.migrate();
  },
  submit: () => utils.addJob('noop', argument),
  submitMany: jobs => utils.addJobs(Array.from({ length: jobs }, () => ({ identifier: 'noop', payload: argument }))),
  async startWorker() {
    worker = await runWorker({
      preset: { worker: { concurrentJobs: 24, maxPoolSize: 25, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      pgPool: pool,
      logger: quiet,
      noHandleSignals: true,
      taskList: { noop: async () => run() },
    });
  },
  stopWorker: () => worker.stop(),
  async unfinished() {
    const { rows } = await pool.query('select count(*)::integer as jobs from graphile_worker._private_jobs');
    return rows[0].jobs;
  },
  async close() {
    await utils.release();
    await pool.end();
  },
});
