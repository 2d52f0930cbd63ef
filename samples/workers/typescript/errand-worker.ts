// A worker for Errand in TypeScript, for Node 20 or later and without packages at run time: copy it, write handlers, call run().
import { hostname } from 'node:os';

/** Throw it from a handler to fail the job for good; any other error is tried again. */
export class Rejected extends Error {}

/** Another worker may have the job: stop, nothing that is said about it counts any more. */
export class LeaseLost extends Error {}

export type ItemOutcome = { index: number; status: 'succeeded' | 'failed' | 'skipped'; result?: unknown; error?: { code: string; message: string } };
export type Handler = (job: Job) => Promise<unknown> | unknown;

type Claim = { lease: string; job: { id: string; type: string; attempt: number }; input?: unknown };
type News = { progress?: { completed?: number; total?: number; message?: string }; messages?: { text: string; severity: string }[] };
type Answer = { status: number; body: any; raw?: ReadableStream<Uint8Array> };

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** PT1S, PT0.5S, PT1M30S, in milliseconds. */
export function milliseconds(iso: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(iso);
  if (!parts) throw new Error(`${iso} is no duration`);
  return [86400, 3600, 60, 1].reduce((sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * unit * 1000, 0);
}

/** One claimed job, for its handler. Its signal is aborted when it should end: canceled, lost, or the session is over. */
export class Job {
  readonly id: string;
  readonly type: string;
  readonly attempt: number;
  readonly lease: string;
  readonly input: any;
  lost = false;
  private readonly stopper = new AbortController();
  private news: News = {};

  constructor(private readonly worker: Worker, private readonly session: string, claim: Claim) {
    ({ lease: this.lease, input: this.input } = { input: undefined, ...claim });
    ({ id: this.id, type: this.type, attempt: this.attempt } = claim.job);
  }

  get signal(): AbortSignal { return this.stopper.signal; }

  /** Goes out with the next beat; the latest one wins. */
  progress(completed?: number, total?: number, message?: string): void { this.news.progress = { completed, total, message }; }

  /** A line of the job's log; goes out with the next beat. */
  log(text: string, severity = 'info'): void { (this.news.messages ??= []).push({ text, severity }); }

  /** The items that the job was submitted with and that no earlier attempt finished. */
  async *items(): AsyncGenerator<{ index: number; item: any }> {
    const done = new Set<number>();
    for (let after = -1, page: { index: number }[]; (page = (await this.call('GET', `/items?after=${after}`)).body.items).length > 0; after = page.at(-1)!.index)
      for (const item of page) done.add(item.index);
    let rest = '';
    for await (const bytes of (await this.call('GET', '/inputs', undefined, true)).raw!.pipeThrough(new TextDecoderStream() as any) as any as AsyncIterable<string>) {
      const lines = (rest + bytes).split('\n');
      rest = lines.pop()!;
      for (const line of lines.filter((one) => one !== '').map((one) => JSON.parse(one))) if (!done.has(line.index)) yield line;
    }
  }

  /** Stores outcomes of items, up to 1,000 at once. */
  async report(items: ItemOutcome[]): Promise<void> { await this.call('POST', '/items', { lease: this.lease, items }); }

  end(lost: boolean): void {
    this.lost ||= lost;
    this.stopper.abort();
  }

  takeNews(): News & { lease: string } {
    const news = this.news;
    this.news = {};
    return { lease: this.lease, ...news };
  }

  /** It did not come through: the next beat tells it. */
  giveBack(news: News): void {
    this.news = { progress: this.news.progress ?? news.progress, messages: [...(news.messages ?? []), ...(this.news.messages ?? [])] };
  }

  private async call(method: string, path: string, body?: unknown, stream = false): Promise<Answer> {
    if (this.lost) throw new LeaseLost();
    const answer = await this.worker.call(method, this.session + path, body, { 'errand-lease': this.lease }, stream);
    if (answer.status === 404 || answer.status === 409) {
      this.end(true);
      throw new LeaseLost();
    }
    return answer;
  }
}

export class Worker {
  private readonly jobs = new Map<string, Job>();
  private over = false;
  private session = '';
  private every = 1000;
  private term = 5000;

  constructor(
    private readonly handlers: Record<string, Handler>,
    private readonly slots = 4,
    private readonly url = (process.env.ERRAND_URL ?? '').replace(/\/$/, ''),
    private readonly token = process.env.ERRAND_TOKEN ?? '',
  ) {}

  /** Works until SIGTERM or Ctrl-C; what runs then is finished first. */
  async run(): Promise<void> {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => (this.over = true));
    while (!this.over) {
      try {
        await this.open();
        let alive = true;
        void this.beat(this.session).finally(() => (alive = false));
        while (!this.over && alive) await this.claim();
      } catch (problem) {
        console.error(`errand: ${problem}; trying again`);
        await pause(1000);
      }
      await this.leave();
    }
    process.exit(0);
  }

  /** Lets what runs end, then closes the session. */
  private async leave(): Promise<void> {
    while (this.jobs.size > 0) await pause(50);
    const session = this.session;
    this.session = '';
    if (session) await this.call('DELETE', session).catch(() => undefined); // it ends by itself, without beats
  }

  /** Busy servers and broken connections are thrown, to be tried again. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, stream = false, timeout = 60_000): Promise<Answer> {
    const answer = await fetch(this.url + path, {
      method, signal: AbortSignal.timeout(timeout), body: body === undefined ? undefined : JSON.stringify(body),
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
    });
    if (stream && answer.ok) return { status: answer.status, body: null, raw: answer.body! };
    const text = await answer.text();
    if (answer.ok || answer.status === 404 || answer.status === 409) return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    if (answer.status === 429 || answer.status >= 500) throw new Error(`${method} ${path}: ${answer.status}`);
    console.error(`${method} ${path}: ${answer.status} ${text}`);
    process.exit(1);
  }

  private async open(): Promise<void> {
    const { body } = await this.call('POST', '/v1/worker-sessions', { worker: `${hostname()}:${process.pid}`, types: Object.keys(this.handlers), slots: this.slots });
    [this.session, this.every, this.term] = [`/v1/worker-sessions/${body.id}`, milliseconds(body.beatEvery), milliseconds(body.term)];
  }

  /** Says that this worker lives, and all it holds: jobs of a claim whose answer was lost are not named, and go back. When the session is over, or no beat came through for its term, every job of it must stop. */
  private async beat(session: string): Promise<void> {
    for (let last = performance.now(); session === this.session; await pause(this.every)) {
      const running = [...this.jobs.values()];
      const news = running.map((job) => job.takeNews());
      const told = await this.call('POST', `${session}/beat`, { all: true, leases: news }, {}, false, this.every * 3).catch(() => undefined);
      if (!told) running.forEach((job, i) => job.giveBack(news[i]!));
      if (told?.status === 200) last = performance.now();
      if ((told && told.status !== 200) || performance.now() - last >= this.term * 0.8) return running.forEach((job) => job.end(true));
      for (const job of running) {
        const lost = told?.body.lost.includes(job.lease) ?? false;
        if (lost || told?.body.cancel.includes(job.lease)) job.end(lost);
      }
    }
  }

  private async claim(): Promise<void> {
    const limit = this.slots - this.jobs.size;
    if (limit <= 0) return pause(20);
    const { status, body } = await this.call('POST', `${this.session}/claim`, { demands: [{ limit }] }, { prefer: 'wait=5' })
      .catch((problem) => (console.error(`errand: ${problem}; trying again`), pause(1000).then(() => ({ status: 0, body: null }))));
    for (const claim of status === 200 ? body.jobs : []) {
      const job = new Job(this, this.session, claim);
      this.jobs.set(job.lease, job);
      void this.work(job, this.session);
    }
  }

  private async work(job: Job, session: string): Promise<void> {
    let outcome: object | undefined;
    try {
      const result = await this.handlers[job.type]!(job);
      outcome = job.signal.aborted ? { outcome: 'canceled' } : { outcome: 'succeeded', result };
    } catch (problem) {
      const error = problem as Error; // whatever a handler throws is the job's failure, not the worker's
      if (!(error instanceof LeaseLost))
        outcome = { outcome: 'failed', error: { code: error.name.toLowerCase(), message: error.message || 'no message', retryable: !(error instanceof Rejected) } };
    }
    for (let settled = !outcome; !settled && !job.lost; ) {
      const news = job.takeNews();
      settled = await this.call('POST', `${session}/beat`, { leases: [news] })
        .then(() => this.call('POST', `${session}/settle`, { settlements: [{ lease: job.lease, ...outcome }] }))
        .then(() => true, () => (job.giveBack(news), pause(500).then(() => false)));
    }
    this.jobs.delete(job.lease);
  }
}

export const run = (handlers: Record<string, Handler>, slots?: number): Promise<void> => new Worker(handlers, slots).run();
