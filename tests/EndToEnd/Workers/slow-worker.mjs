// A remote worker in a process of its own: opens a session, beats from then on, claims one job, "works" for a while, settles, and prints what it was told.
// usage: ERRAND_URL=… ERRAND_TOKEN=… node slow-worker.mjs TYPE MILLISECONDS RESULT
const [type, milliseconds, result] = process.argv.slice(2);
const { ERRAND_URL: url, ERRAND_TOKEN: token } = process.env;

const call = async (method, path, body, headers = {}) => {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
};
const say = (what) => console.log(JSON.stringify(what));

const session = await call('POST', '/v1/worker-sessions', { worker: `slow-${process.pid}`, types: [type], slots: 1 });
if (session.status !== 201) {
  say({ error: session });
  process.exit(1);
}

const at = `/v1/worker-sessions/${session.body.id}`;
say({ session: session.body.id });

let job;
// Also while it waits for a job: a worker that does not is as dead as the one whose jobs it waits for.
const beat = setInterval(() => call('POST', `${at}/beat`, { leases: job ? [{ lease: job.lease }] : [] }).catch(() => {}), 1000);
while (!job) {
  const claim = await call('POST', `${at}/claim`, { demands: [{ queue: '*', limit: 1 }] }, { prefer: 'wait=2' });
  job = claim.body?.jobs?.[0];
}

say({ claimed: job.job.id, attempt: job.job.attempt });
await new Promise((done) => setTimeout(done, Number(milliseconds)));
clearInterval(beat);

const settled = await call('POST', `${at}/settle`, { settlements: [{ lease: job.lease, outcome: 'succeeded', result: { by: result } }] });
say({ settled });
await call('DELETE', at);
