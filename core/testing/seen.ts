/** What a simulated zone has said and done so far, oldest first. */
import type { Json } from '../contract/content.ts';
import type { Frame, ObjectId, Pending, ScriptReport, ZoneEvent } from '../contract/link.ts';
import type { Thing } from './things.ts';

export type Said = {
  readonly from: Thing;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly time: number;
};
export type Told = { readonly from: Thing; readonly text: string; readonly time: number };
export type Asked = Told & { readonly name: string; readonly choices: readonly string[] };
export type Effect = { readonly of: Thing; readonly name: string; readonly data: Json; readonly time: number };
export type Emitted = { readonly name: string; readonly data: Json; readonly time: number };
/** A message of one object to another; `from` is null for one of the test or of the zone. */
export type Sent = {
  readonly from: Thing | null;
  readonly to: Thing;
  readonly name: string;
  readonly data: Json;
  readonly time: number;
};
/** Somebody whom `world.goto` sends elsewhere: it is out of this zone then. */
export type Departure = {
  readonly who: Thing;
  readonly zone: string;
  readonly at: Json;
  readonly time: number;
};

export interface Seen {
  readonly said: Said[];
  readonly effects: Effect[];
  readonly emitted: Emitted[];
  readonly messages: Sent[];
  readonly departures: Departure[];
  readonly logged: string[];
  /** Everything reported but lines of the log and what was refused outside. */
  readonly errors: ScriptReport[];
  readonly refused: ScriptReport[];
  told(owner: string): readonly Told[];
  asked(owner: string): readonly Asked[];
  frame(frame: Frame): void;
  report(reports: readonly ScriptReport[]): void;
  /** Forgets everything. */
  clear(): void;
}

export function createSeen(of: (id: ObjectId) => Thing | null, centimetre: number): Seen {
  const told = new Map<string, Told[]>();
  const asked = new Map<string, Asked[]>();

  function event(event: ZoneEvent, time: number): void {
    if (event.type === 'emit') {
      seen.emitted.push({ name: event.name, data: event.data, time });
      return;
    }
    const from = of(event.id);
    if (!from) return;
    if (event.type === 'say')
      seen.said.push({ from, text: event.text, x: event.x / centimetre, y: event.y / centimetre, time });
    if (event.type === 'effect') seen.effects.push({ of: from, name: event.name, data: event.data, time });
    if (event.type === 'tell') add(told, event.to, { from, text: event.text, time });
    if (event.type === 'ask')
      add(asked, event.to, { from, name: event.question, text: event.text, choices: event.choices, time });
  }

  function message({ from, to, name, data }: Pending, time: number): void {
    const target = of(to);
    if (target) seen.messages.push({ from: of(from), to: target, name, data, time });
  }

  const seen: Seen = {
    said: [],
    effects: [],
    emitted: [],
    messages: [],
    departures: [],
    logged: [],
    errors: [],
    refused: [],
    told: (owner) => told.get(owner) ?? [],
    asked: (owner) => asked.get(owner) ?? [],
    frame({ pub, keep, requests }) {
      const { time } = pub;
      for (const each of pub.events) event(each, time);
      for (const each of keep?.pending ?? []) message(each, time);
      for (const each of requests) {
        const who = each.type === 'goto' ? of(each.object) : null;
        if (each.type === 'goto' && who) seen.departures.push({ who, zone: each.zone, at: each.at, time });
      }
    },
    report(reports) {
      for (const each of reports) {
        if (each.what === 'log') seen.logged.push(each.message);
        else if (each.what === 'refused') seen.refused.push(each);
        else seen.errors.push(each);
      }
    },
    clear() {
      for (const list of [seen.said, seen.effects, seen.emitted, seen.messages, seen.departures]) list.length = 0;
      for (const list of [seen.logged, seen.errors, seen.refused]) list.length = 0;
      told.clear();
      asked.clear();
    },
  };
  return seen;
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
