/**
 * Players are no off-switch: a script that a player's call or input stopped does not run for that player for a while,
 * and goes on for everybody else. By time of the zone, so that it replays.
 */
import type { InboxItem, ObjectId } from '../contract/link.ts';

/** Whose call of an object a tick was stopped in, and the scripts of that object. */
export type Barring = { readonly owner: string; readonly scripts: readonly string[] };

export interface Barred {
  /** What a call or input is about. */
  about(item: Asked): Barring;
  bar(barring: Barring, time: number): void;
  /** Whether it asks for a script that does not run for its owner now. */
  refuses(item: InboxItem, time: number): boolean;
  save(): SavedBarred;
  restore(saved: SavedBarred): void;
}

type Asked = Extract<InboxItem, { type: 'call' | 'input' }>;

/** Owner and script, Unix seconds until which it holds, and how long it is. */
export type SavedBarred = readonly (readonly [key: string, until: number, seconds: number])[];

/** Seconds: at first, doubled each time, and at most, which is also how long it is remembered. */
const first = 10;
const longest = 600;

/** @param scriptsOf  Names of the scripts that run for an object. */
export function createBarred(scriptsOf: (object: ObjectId) => readonly string[]): Barred {
  const entries = new Map<string, { until: number; seconds: number }>();

  function about(item: Asked): Barring {
    return { owner: item.owner, scripts: scriptsOf(item.type === 'call' ? item.object : item.character) };
  }

  return {
    about,
    bar({ owner, scripts }, time) {
      for (const [key, { until }] of entries) if (time - until > longest) entries.delete(key);
      for (const script of scripts) {
        const last = entries.get(keyOf(owner, script));
        const seconds = last ? Math.min(longest, last.seconds * 2) : first;
        entries.set(keyOf(owner, script), { until: time + seconds, seconds });
      }
    },
    refuses(item, time) {
      if (entries.size === 0 || (item.type !== 'call' && item.type !== 'input')) return false;
      const { owner, scripts } = about(item);
      return scripts.some((script) => (entries.get(keyOf(owner, script))?.until ?? 0) > time);
    },
    save: () => [...entries].map(([key, { until, seconds }]) => [key, until, seconds]),
    restore(saved) {
      for (const [key, until, seconds] of saved) entries.set(key, { until, seconds });
    },
  };
}

function keyOf(owner: string, script: string): string {
  return `${owner}\n${script}`;
}
