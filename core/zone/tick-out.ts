/** What a tick of the isolate gave back, applied to the zone after a check: states, intents, answers, reports. */
import type { Intent, TickOut } from '../contract/driver.ts';
import type { CallOutcome } from '../contract/link.ts';
import { applyChanges } from './changes.ts';
import type { Applied, Refusal } from './intents.ts';
import type { Parts } from './parts.ts';
import type { Step } from './step.ts';

export function applyTickOut(step: Step, out: TickOut, parts: Parts): void {
  const { objects, timers, saver, frames, space, work, news, calls, reports, report, requests } = parts;
  const leaving = new Set(work.items.map((item) => (item.type === 'leave' ? item.character : null)));
  const facts = { ...step, met: work.meetings(), leaves: (id: string) => leaving.has(id) };
  const applied = space.intents.apply(out.intents, facts);
  const refused = [...applied.refused, ...applyChanges(out, { objects, timers, saver, frames })];
  news.refused(refused);
  for (const { id, verb, reason } of refused) {
    report(id, 'refused', verb, reason);
    // The isolate has it already.
    if (verb === 'spawn' && !objects.find(id)) news.gone(id);
  }
  for (const { id, text } of applied.logs) report(id, 'log', 'log', text);
  for (const each of out.reports) reports.add({ ...each, zone: parts.load.zone, tick: step.tick });
  for (const line of applied.lines) saver.line(line);
  tellIsolate(out.intents, applied, parts);
  for (const intent of out.intents) parts.steering.asked(intent);
  bookDeeds(out.intents, applied, parts);
  acknowledge(out, parts);
  calls.apply(honest(out.outcomes, refused, parts));
  calls.fail('object.failed', 'The object gave no answer.');
  work.messages(applied.messages);
  requests.add(applied.requests);
  requests.needIds();
}

/** No call was done that could not be kept: the state of its object was refused. */
function honest(
  outcomes: readonly CallOutcome[],
  refused: readonly Refusal[],
  { work }: Parts,
): readonly CallOutcome[] {
  const unkept = new Map(refused.flatMap(({ id, verb, reason }) => (verb === 'state' ? [[id, reason] as const] : [])));
  if (unkept.size === 0) return outcomes;
  const objects = new Map(
    work.items.flatMap((item) => (item.type === 'call' ? [[item.call, item.object] as const] : [])),
  );
  return outcomes.map((outcome) => {
    const reason = unkept.get(objects.get(outcome.call) ?? '');
    if (!outcome.ok || reason === undefined) return outcome;
    return { call: outcome.call, ok: false, code: 'object.failed', message: `What it did cannot be kept: ${reason}.` };
  });
}

/** What the isolate cannot know of what became of its intents. */
function tellIsolate(intents: readonly Intent[], applied: Applied, { objects, news }: Parts): void {
  for (const thing of applied.corrected) news.moved(thing);
  for (const intent of intents) {
    if ('id' in intent && intent.id) news.doubt(intent.id);
    const spawned = intent.verb === 'spawn' ? objects.find(intent.id) : undefined;
    if (spawned) news.spawned(spawned);
  }
  for (const thing of applied.dropped) news.loaded(thing, 'arrive');
  for (const id of applied.gone) news.gone(id);
}

function bookDeeds(intents: readonly Intent[], { messages }: Applied, { objects, booking }: Parts): void {
  for (const intent of intents) {
    if (intent.verb === 'spawn' && objects.find(intent.id)) booking.count(intent.by, 'spawns');
    if (intent.verb === 'say') booking.count(intent.id, 'says');
  }
  for (const { from } of messages) booking.count(from, 'messages');
}

/** Owners hear which of their inputs of this tick were used. */
function acknowledge({ acks }: TickOut, { work, frames }: Parts): void {
  const inputs = new Set(work.items.map((item) => (item.type === 'input' ? item.owner : null)));
  for (const { owner, seq } of acks) if (inputs.has(owner) && Number.isSafeInteger(seq)) frames.ack(owner, seq);
}
