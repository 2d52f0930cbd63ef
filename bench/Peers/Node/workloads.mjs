// What every contender does, in this order, in one process on one fresh store. Contender/Workloads.cs is its twin.
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export const argument = 'x'.repeat(198);

let ran = 0;
let next;

/** What every handler does, and all it does. */
export function run() {
  next?.(performance.now());
  ran++;
}

const plan = JSON.parse(process.env.PEERS_PLAN ?? fail('PEERS_PLAN is not set: start this through eng/bench-peers.sh.'));
const tell = line => console.log('PEERS ' + JSON.stringify(line));
const tellRate = (work, count, seconds) => tell({ work, rate: count / seconds, count, seconds });
const secondsSince = began => (performance.now() - began) / 1000;

function fail(message) {
  throw new Error(message);
}

/**
 * A contender has version, settings, open(), submit(), submitMany(jobs), startWorker(), stopWorker(), unfinished() and close().
 */
export async function runWorkloads(contender) {
  await contender.open();
  tell({ about: { version: contender.version, settings: contender.settings } });
  await contender.startWorker();
  await call(contender, 4, plan.warm, plan.capSeconds);
  await finish(contender, plan.capSeconds);
  await starts(contender);
  await contender.stopWorker();
  let queued = await contender.unfinished();
  for (const callers of [16, 64]) {
    const [count, seconds] = await call(contender, callers, plan.singles, plan.singleSeconds);
    tellRate(`single${callers}`, count, seconds);
    queued += count;
  }

  await fill(contender, Math.max(0, plan.jobs - queued));
  await execute(contender);
  await contender.close();
}

async function starts(contender) {
  const waits = [];
  for (let n = 0; n < plan.samples; n++) {
    // Gaps of changing length, so that nothing that looks at fixed times is always met at the same moment.
    await delay(5 + n * 7 % 11);
    const started = new Promise(resolve => (next = resolve));
    const submitted = performance.now();
    await contender.submit();
    waits.push((await started) - submitted);
  }

  next = undefined;
  waits.sort((a, b) => a - b);
  tell({ work: 'start', p50: waits[Math.floor(waits.length / 2)], p99: waits[Math.floor(waits.length * 99 / 100)], count: waits.length });
  await finish(contender, plan.capSeconds);
}

async function call(contender, callers, most, capSeconds) {
  const began = performance.now();
  let left = most;
  let done = 0;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (--left >= 0 && secondsSince(began) < capSeconds) {
      await contender.submit();
      done++;
    }
  }));
  return [done, secondsSince(began)];
}

async function fill(contender, missing) {
  const began = performance.now();
  let left = Math.ceil(missing / plan.perCall);
  let done = 0;
  await Promise.all(Array.from({ length: plan.bulkCallers }, async () => {
    while (--left >= 0 && secondsSince(began) < plan.capSeconds) {
      await contender.submitMany(plan.perCall);
      done += plan.perCall;
    }
  }));
  tellRate('bulk', done, secondsSince(began));
}

async function execute(contender) {
  const queued = await contender.unfinished();
  const before = ran;
  const began = performance.now();
  await contender.startWorker();

  // The store is asked only once all handlers have run: asking costs it something.
  while (ran - before < queued && secondsSince(began) < plan.capSeconds) await delay(2);
  const [unfinished, seconds] = await finish(contender, plan.capSeconds - secondsSince(began), began);
  tellRate('execute', queued - unfinished, seconds);
  await contender.stopWorker();
}

async function finish(contender, capSeconds, since = performance.now()) {
  const began = performance.now();
  for (;;) {
    const unfinished = await contender.unfinished();
    const seconds = secondsSince(since);
    if (unfinished === 0 || secondsSince(began) >= capSeconds) return [unfinished, seconds];
    await delay(5);
  }
}
