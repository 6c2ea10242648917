/** Verbs that tell others something: players, objects, everyone. */
import { allow, nameOf, textOf } from './checks.ts';
import { here, intend, isPlayer, type Obj, standing } from './here.ts';
import { expect } from './keep.ts';
import { dataLimits, plain } from './plain.ts';
import { dispatch } from './run.ts';

const mostChoices = 8;

export function say(object: Obj, text: unknown): void {
  const line = textOf(text, 'what is said');
  if (line === '' || !allow('say')) return;
  intend({ verb: 'say', id: object.id, text: line, player: false });
  const { script } = here;
  here.later.push(() => {
    const message = hear(object, line, false);
    if (message === null || !script) return;
    here.reporter.report('refused', script, object, 'say', { file: script.path, line: 0, column: 0, message });
  });
}

/** Everyone within hearing hears a line, save who said it. Answers why nobody does, or null. */
export function hear(from: Obj, text: string, isPlayer: boolean): string | null {
  const at = standing(from);
  const listeners = here.grid
    .around(at.x, at.y, here.hearing)
    .filter(
      (object) =>
        object !== from && object.sort.on.has('hear') && Math.hypot(object.x - at.x, object.y - at.y) <= here.hearing,
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  // Who talks to a crowd spends the crowd's time, and it is the crowd that would be stopped for it.
  const why = listeners.length === 0 ? null : here.rates.take(from, 'hear', listeners.length, here.time);
  if (why !== null) return `too many hear it: ${why}`;
  for (const listener of listeners) {
    const event = here.event({ from });
    dispatch(listener, 'hear', (turn) => ({ ...event(turn), text, isPlayer }));
  }
  return null;
}

export function tell(object: Obj, to: Obj, text: unknown): void {
  if (!isPlayer(to)) throw new TypeError('only players can be told something');
  intend({ verb: 'tell', id: object.id, to: to.id, text: textOf(text, 'what is told') });
}

export function ask(object: Obj, to: Obj, name: unknown, text: unknown, choices: unknown): void {
  if (!isPlayer(to)) throw new TypeError('only players can be asked something');
  const list = plain(choices, 'choices', dataLimits.data);
  if (!Array.isArray(list) || list.length < 1 || list.length > mostChoices)
    throw new RangeError(`there are 1 to ${mostChoices} choices`);
  const question = nameOf(name, 'the question');
  const options = (list as readonly unknown[]).map((choice) => textOf(choice, 'a choice', 100));
  if (!here.script?.answers.has(question)) throw new TypeError(`${here.script?.name} has no answers.${question}`);
  intend({ verb: 'ask', id: object.id, to: to.id, question, text: textOf(text, 'what is asked'), choices: options });
  expect(object.keep, here.script, to.id, question, options);
}

export function send(from: Obj, to: Obj | undefined, name: unknown, data: unknown): boolean {
  const message = nameOf(name, 'a message');
  const value = plain(data ?? null, 'data', dataLimits.data);
  if (!to?.alive || to.dying || !allow('send')) return false;
  intend({ verb: 'send', message: { to: to.id, from: from.id, name: message, data: value } });
  return true;
}

export function effect(object: Obj, name: unknown, data: unknown): void {
  intend({
    verb: 'effect',
    id: object.id,
    name: nameOf(name, 'an effect'),
    data: plain(data ?? null, 'data', dataLimits.data),
  });
}

export function emit(name: unknown, data: unknown): void {
  intend({ verb: 'emit', name: nameOf(name, 'an event'), data: plain(data ?? null, 'data', dataLimits.data) });
}
