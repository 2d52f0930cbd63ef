// timezones.transitions: when each zone of the IANA table next changes its clocks, in the coming five years.
// A row that names no zone this machine knows is a failed item; the job goes on.
import * as errand from './errand-job.mjs';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HORIZON = (errand.request.input?.days ?? 1826) * DAY;
const start = Math.floor(Date.now() / HOUR) * HOUR;

/** Offset from UTC in minutes at an instant. */
function offsetsOf(zone) {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  return (instant) => {
    const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName').value;
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name);
    return sign ? (sign === '-' ? -1 : 1) * (60 * hours + 1 * minutes) : 0;
  };
}

/** Changes of the offset: a look each day (some zones change twice within a month), then the exact minute by halving. */
function transitionsOf(zone) {
  const offsetAt = offsetsOf(zone);
  const found = [];
  for (let from = start, before = offsetAt(from); from < start + HORIZON; from += DAY) {
    const after = offsetAt(from + DAY);
    if (after !== before) found.push({ at: new Date(halve(offsetAt, from, from + DAY)).toISOString(), from: before, to: after });
    before = after;
  }
  return { offset: offsetAt(start), transitions: found };
}

function halve(offsetAt, low, high) {
  const before = offsetAt(low);
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return Math.floor(high / 60_000) * 60_000;
}

const clock = (minutes) => {
  const part = (value) => String(Math.floor(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}:${part(Math.abs(minutes) % 60)}`;
};

const total = await errand.countItems();
const table = errand.table('transitions', ['zone', 'countries', 'offset', 'next_change', 'next_offset', 'following_change']);
let done = 0;
let changing = 0;
errand.message('info', `Looking ${HORIZON / DAY} days ahead from ${new Date(start).toISOString()}, time zone data ${process.versions.tz}.`);

for await (const { zone, countries } of errand.items()) {
  try {
    const { offset, transitions } = transitionsOf(zone);
    const [next, following] = transitions;
    errand.succeeded(zone, { offset: clock(offset), transitions: transitions.map(({ at, to }) => ({ at, offset: clock(to) })) });
    table.add({
      zone, countries, offset: clock(offset), next_change: next?.at, next_offset: next && clock(next.to), following_change: following?.at,
    });
    if (next) changing++;
    if (next && Date.parse(next.at) < start + 14 * DAY) errand.message('warning', `${zone} changes its clocks within two weeks: ${next.at}.`);
  } catch (error) {
    errand.failed(zone ?? `row ${done + 1}`, 'unknown_zone', error.message);
  }
  errand.progress(++done, total, zone);
}

table.close();
errand.result({ zones: done, changing, steady: done - changing, until: new Date(start + HORIZON).toISOString() });
