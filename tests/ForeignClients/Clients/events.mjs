// An EventSource over a job's events. Says every event, and when a connection was lost or the stream is over.
import { EventSource } from 'eventsource';
import { say, task } from './task.mjs';

const kinds = ['snapshot', 'scheduled', 'queued', 'started', 'progress', 'log', 'retrying', 'canceling', 'succeeded', 'failed', 'canceled'].map((kind) => `job.${kind}`);
const source = new EventSource(task.url, {
  fetch: (input, init) => {
    say({ asked: init.headers['Last-Event-ID'] ?? '' });
    return fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${task.token}` } });
  },
});
for (const kind of kinds) {
  source.addEventListener(kind, (event) => say({ kind, id: event.lastEventId, status: JSON.parse(event.data).job.status }));
}
// Later versions let Node end while they wait to reconnect.
const alive = setInterval(() => {}, 60_000);
source.addEventListener('open', () => say({ opened: true }));
source.addEventListener('error', (event) => {
  const closed = source.readyState === EventSource.CLOSED;
  if (closed) clearInterval(alive);
  say({ lost: true, closed, code: event.code ?? null });
});
