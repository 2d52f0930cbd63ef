// The part of demo-cluster.sh that talks: starts the nodes, submits, kills one of them, and counts.
// usage: ERRAND_TOKEN=… JOBS=… node demo-cluster.mjs ERRAND FOLDER PORT PORT PORT
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, openSync } from 'node:fs';

const [errand, folder, ...ports] = process.argv.slice(2);
const wanted = Number(process.env.JOBS);
const headers = { authorization: `Bearer ${process.env.ERRAND_TOKEN}`, 'content-type': 'application/json' };
const nodes = ports.map((port, i) => ({ name: `node ${i + 1}`, url: `http://127.0.0.1:${port}`, port, accepted: 0 }));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);
const began = performance.now();
const say = (text) => console.log(`${seconds(began).padStart(6)} s  ${text}`);

async function start(node) {
  const log = openSync(`${folder}/${node.port}.log`, 'a');
  const child = spawn(errand, ['serve', '--config', `${folder}/errand.json`, '--data', `${folder}/data-${node.port}`, '--urls', node.url], { stdio: ['ignore', log, log] });
  node.process = child;
  appendFileSync(`${folder}/nodes`, `${child.pid}\n`);
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 600) throw new Error(`${node.name} does not start: see ${folder}/${node.port}.log`);
    if (await fetch(`${node.url}/readyz`).then((answer) => answer.ok, () => false)) return;
    await pause(100);
  }
}

/** Sends to one node and, where that has no answer, to the next, with the same id: as a load balancer and a careful client do. */
async function submit(id, first) {
  for (let tries = 0; tries < 200; tries++) {
    const node = nodes[(first + tries) % nodes.length];
    const answer = await fetch(`${node.url}/v1/jobs/${id}`, { method: 'PUT', headers, body: '{"type":"demo.step"}' }).catch(() => undefined);
    if (answer?.ok) {
      node.accepted++;
      return true;
    }
    if (tries % nodes.length === nodes.length - 1) await pause(100);
  }
  return false;
}

async function ended(id, first) {
  for (let tries = 0; tries < 600; tries++) {
    const node = nodes[(first + tries) % nodes.length];
    const answer = await fetch(`${node.url}/v1/jobs/${id}`, { headers: { ...headers, prefer: 'wait=20' } }).catch(() => undefined);
    if (answer?.status === 404) return { status: 'lost' };
    const job = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
    if (job?.done) return job;
    if (!answer?.ok) await pause(100);
  }
  return { status: 'not ended' };
}

await Promise.all(nodes.map(start));
say(`three nodes are ready: ${nodes.map((node) => node.url).join(' ')}`);

const acknowledged = [];
let next = 0;
const submitting = Promise.all(Array.from({ length: 6 }, async (_, lane) => {
  while (next < wanted) {
    const [id, at] = [randomUUID().replaceAll('-', ''), next++];
    if (await submit(id, at + lane)) acknowledged.push(id);
    await pause(20);
  }
}));
const until = async (jobs) => { while (acknowledged.length < jobs) await pause(10); };

await until(Math.floor(wanted / 3));
const victim = nodes[1];
victim.process.kill('SIGKILL');
const killed = performance.now();
say(`kill -9 of ${victim.name} after ${acknowledged.length} acknowledged jobs; submits go on at the other two`);
await until(Math.floor((wanted * 2) / 3));
await start(victim);
say(`${victim.name} is back, ${seconds(killed)} s after its end`);
await submitting;
say(`all submitted: ${acknowledged.length} acknowledged, by ${nodes.map((node) => `${node.name} ${node.accepted}`).join(', ')}`);

const jobs = await Promise.all(acknowledged.map(ended));
const count = (holds) => jobs.filter(holds).length;
const lost = count((job) => job.status !== 'succeeded');
say(`all ended, ${seconds(killed)} s after the kill`);

// What has ended must be the same for ever, through whichever node it is read.
const again = await Promise.all(acknowledged.map((id, i) => ended(id, i + 1)));
const twice = again.filter((job, i) => job.version !== jobs[i].version || job.finishedAt !== jobs[i].finishedAt).length;
console.log(`\n${acknowledged.length} jobs acknowledged, ${lost} lost or not succeeded, ${twice} ended twice; ${count((job) => job.attempt > 1)} ran again because their node died.`);
process.exit(lost === 0 && twice === 0 && acknowledged.length === wanted ? 0 : 1);
