// A poller of @azure/core-lro around plain fetch, as the generated Azure clients make theirs. Says every state, and at the end the result or the error.
import { createHttpPoller } from '@azure/core-lro';
import { say, task } from './task.mjs';

const { url, token, body, restoreFrom, stopAfterSubmit } = task;

async function send(method, path, content) {
  const response = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(content === undefined ? {} : { 'content-type': 'application/json' }) },
    body: content === undefined ? undefined : JSON.stringify(content),
  });
  const text = await response.text();
  const parsed = text === '' ? undefined : JSON.parse(text);
  if (response.status >= 400) {
    throw Object.assign(new Error(parsed?.message ?? parsed?.detail ?? response.statusText), { name: 'RestError', code: parsed?.code, statusCode: response.status });
  }
  return {
    flatResponse: parsed,
    rawResponse: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: parsed, request: { method, url: path } },
  };
}

const poller = createHttpPoller(
  { sendInitialRequest: () => send('POST', url, body), sendPollRequest: (path) => send('GET', path) },
  { restoreFrom, intervalInMs: 50 },
);
poller.onProgress((state) => say({ status: state.status }));
await poller.submitted();
if (stopAfterSubmit) {
  say({ serialized: await poller.serialize() });
} else {
  try {
    say({ result: await poller.pollUntilDone() });
  } catch (error) {
    say({ error: { code: error.code, message: error.message } });
  }
}
