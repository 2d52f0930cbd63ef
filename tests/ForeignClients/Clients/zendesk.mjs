// node-zendesk, as an integration uses it: a bulk update watched to its end, and every call there is for job statuses.
import zendesk from 'node-zendesk';
import { say, task } from './task.mjs';

const client = zendesk.createClient({ username: task.username, token: task.token, endpointUri: task.endpoint, throwOriginalException: task.throwing ?? false });
const calls = {
  updateMany: (ids, ticket) => client.tickets.updateMany(ids, ticket),
  show: (id) => client.jobstatuses.show(id),
  list: () => client.jobstatuses.list(),
  showMany: (ids) => client.jobstatuses.showMany(ids),
  watch: (id, interval, attempts) => client.jobstatuses.watch(id, interval, attempts),
};
try {
  const answer = await calls[task.call](...task.arguments);
  say({ result: answer.result ?? answer });
} catch (error) {
  say({ error: { message: error.message, status: error.statusCode ?? error.status ?? null } });
}
