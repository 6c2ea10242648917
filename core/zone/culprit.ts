/** Whose program an entry was stopped in, from the blame words. */
import type { Program } from '../contract/content.ts';
import type { InboxItem } from '../contract/link.ts';
import type { Stop } from './isolate.ts';
import type { Objects, Thing } from './objects.ts';

export type Culprit = { readonly program: Program; readonly handler: string; readonly thing: Thing | null };

/** While a program's file runs, its handler word is this less its place in the list; -1 says that nobody's code runs. */
const fileWord = -2;

/** @param programs  Those that the isolate was loaded with. Null when the words name nobody. */
export function culpritOf(stop: Stop, programs: readonly Program[], objects: Objects): Culprit | null {
  const { slot, number, by } = stop;
  const thing = objects.all().find((each) => each.slot === slot) ?? null;
  if (number <= fileWord) {
    const program = programs[fileWord - number];
    return program ? { program, handler: 'file', thing: null } : null;
  }
  if (number < 0) return null;
  if (by) {
    const program = programs.find(({ name, build }) => name === by.script && build === by.build);
    return program ? { program, handler: by.handler, thing } : null;
  }
  // A load has no names of handlers yet, and runs no handler but `migrate`.
  const scripts = thing ? [thing.kind, ...thing.scripts] : [];
  const program = programs
    .filter(({ role, name }) => (thing ? role === 'object' && scripts.includes(name) : role === 'zone'))
    .sort((a, b) => Number(migrates(b)) - Number(migrates(a)))[0];
  return program ? { program, handler: 'migrate', thing } : null;
}

function migrates({ handlers }: Program): boolean {
  return handlers.some(({ name }) => name === 'migrate');
}

/** The call or input that was served when the tick was stopped, of those that it had. */
export function askedOf({ asked }: Stop, items: readonly InboxItem[]): Asked | null {
  return items.filter(isAsked)[asked] ?? null;
}

type Asked = Extract<InboxItem, { type: 'call' | 'input' }>;

function isAsked(item: InboxItem): item is Asked {
  return item.type === 'call' || item.type === 'input';
}
