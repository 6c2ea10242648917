/** What only the runtime reads of an object: secrets of its scripts, memories of players, marks, versions. */
import type { Json, JsonObject } from '../../contract/content.ts';
import { type Group, groupOf, shown } from './group.ts';
import { here, needRoom, type Obj, undoable } from './here.ts';
import { dataLimits, mutable, plain, same } from './plain.ts';
import type { Script } from './script.ts';

/** Players one script of one object remembers; those longest ago are forgotten first. */
const mostMemories = 40;
/** `once` and `cooldown` marks of one object. */
const mostMarks = 400;

export type Keep = {
  readonly of: Obj | null;
  /** Groups of the scripts that declare secrets. */
  readonly secrets: Map<Script, Group>;
  /** Secrets of scripts that are gone now: they come back with the script. */
  readonly others: Map<string, Json>;
  readonly memories: Map<string, Map<string, Json>>;
  /** Unix seconds until which a mark holds, null for ever. By kind of mark, script, name and player. */
  readonly marks: Map<string, number | null>;
  readonly versions: Map<string, number>;
  /** What `migrate` changed, as it was before, until the script has proved itself. By script. */
  readonly before: Map<string, Former>;
  /** Questions that wait for a player's answer: by player and question. */
  readonly asked: Map<string, { readonly script: string; readonly choices: readonly string[] }>;
  /** What a script made of its body, null for the script's own. */
  body: { readonly solid: boolean; readonly type: string } | null;
  listed: boolean;
};

/** What a script had of an object under an older version. */
export type Former = {
  /** `anyVersion`: whatever version comes back may have it as it is. */
  readonly version: number;
  /** Absent when no `migrate` has run: what the object has stays. */
  readonly state?: JsonObject;
  readonly own?: JsonObject;
  readonly secret?: JsonObject;
};

/** Lower than the version of any script. */
export const anyVersion = 0;

const object = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** Reads what was kept. */
export function createKeep(of: Obj, scripts: readonly Script[], stored: JsonObject): Keep {
  const secrets = object(stored.secrets);
  const keep: Keep = {
    of,
    secrets: new Map(),
    others: new Map(Object.entries(secrets)),
    memories: new Map(),
    marks: new Map(Object.entries(object(stored.marks)) as [string, number | null][]),
    versions: new Map(Object.entries(object(stored.versions)) as [string, number][]),
    before: new Map(Object.entries(object(stored.before)) as unknown as [string, Former][]),
    asked: new Map(Object.entries(object(stored.asked)) as unknown as Keep['asked']),
    body: (stored.body as Keep['body'] | undefined) ?? null,
    listed: false,
  };
  for (const [script, players] of Object.entries(object(stored.memories))) {
    keep.memories.set(script, new Map(Object.entries(object(players))));
  }
  for (const script of scripts) {
    if (script.secret.names.length === 0) continue;
    keep.secrets.set(
      script,
      groupOf(script.secret, of, object(Object.hasOwn(secrets, script.name) ? secrets[script.name] : undefined)),
    );
    keep.others.delete(script.name);
  }
  return keep;
}

/** As it is stored. Empty parts are left out. */
export function storeKeep(keep: Keep): JsonObject {
  const stored: Record<string, Json> = {};
  const secrets = Object.fromEntries(keep.others);
  for (const [script, group] of keep.secrets) secrets[script.name] = shown(group);
  if (Object.keys(secrets).length > 0) stored.secrets = secrets;
  if (keep.memories.size > 0) {
    stored.memories = Object.fromEntries([...keep.memories].map(([name, of]) => [name, Object.fromEntries(of)]));
  }
  if (keep.marks.size > 0) stored.marks = Object.fromEntries(keep.marks);
  if (keep.versions.size > 0) stored.versions = Object.fromEntries(keep.versions);
  if (keep.before.size > 0) stored.before = Object.fromEntries(keep.before) as unknown as Json;
  if (keep.asked.size > 0) stored.asked = Object.fromEntries(keep.asked) as unknown as Json;
  if (keep.body) stored.body = keep.body;
  return stored;
}

/** Its stored form changed. */
export function touchKeep(keep: Keep): void {
  if (keep.listed || !keep.of) return;
  keep.listed = true;
  here.dirtyKeeps.push(keep.of);
}

/** From now on it is of the script's version; while that is on probation, a version before may have it back. */
export function raise(keep: Keep, script: Script): void {
  const { versions, before } = keep;
  const isOlder = (versions.get(script.name) ?? 1) < script.version;
  if (here.proving && isOlder && !before.has(script.name)) before.set(script.name, { version: anyVersion });
  versions.set(script.name, script.version);
  touchKeep(keep);
}

/** Forgets what `migrate` changed. */
export function dropFormer(keep: Keep): void {
  if (keep.before.size === 0) return;
  keep.before.clear();
  touchKeep(keep);
}

/** What the script remembers of a player, to be changed by the running handler. */
export function recall(keep: Keep, script: Script, player: string): object {
  const key = `${keep.of?.id}\n${script.name}\n${player}`;
  const draft = here.memories.get(key);
  if (draft) return draft;
  const old = keep.memories.get(script.name)?.get(player);
  const fresh = mutable(old ?? {}) as object;
  if (here.asking) return fresh;
  here.recalled.push(() => remember(keep, script, player, fresh, old));
  here.memories.set(key, fresh);
  return fresh;
}

function remember(keep: Keep, script: Script, player: string, draft: object, old: Json | undefined): void {
  const value = plain(draft, 'memory', dataLimits.memory);
  if (same(value, old ?? {})) return;
  const players = keep.memories.get(script.name) ?? new Map<string, Json>();
  const before = [...players];
  keep.memories.set(script.name, players);
  undoable(() => {
    players.clear();
    for (const [id, memory] of before) players.set(id, memory);
  });
  players.delete(player);
  players.set(player, value);
  for (const id of players.keys()) {
    if (players.size <= mostMemories) break;
    players.delete(id);
  }
  touchKeep(keep);
}

/** True when the mark does not hold now; then it holds until `until` (null: for ever). */
export function mark(keep: Keep, key: string, until: number | null): boolean {
  const held = keep.marks.get(key);
  if (held === null || (held !== undefined && held > here.time)) return false;
  if (held === undefined && keep.marks.size >= mostMarks) sweep(keep);
  needRoom();
  undoable(() => {
    if (held === undefined) keep.marks.delete(key);
    else keep.marks.set(key, held);
  });
  keep.marks.set(key, until);
  touchKeep(keep);
  return true;
}

function sweep(keep: Keep): void {
  for (const [key, until] of keep.marks) if (until !== null && until <= here.time) keep.marks.delete(key);
  if (keep.marks.size >= mostMarks)
    throw new RangeError(`an object keeps at most ${mostMarks} marks of once and cooldown`);
}

/** A question waits for its answer. */
export function expect(keep: Keep, script: Script, player: string, question: string, choices: readonly string[]): void {
  needRoom();
  const key = `${player}\n${question}`;
  const before = [...keep.asked];
  undoable(() => {
    keep.asked.clear();
    for (const [old, asked] of before) keep.asked.set(old, asked);
  });
  keep.asked.delete(key);
  keep.asked.set(key, { script: script.name, choices });
  for (const old of keep.asked.keys()) {
    if (keep.asked.size <= mostMemories) break;
    keep.asked.delete(old);
  }
  touchKeep(keep);
}

/** Takes a question off the list when the choice is one of its; gives the script that asked. */
export function answered(keep: Keep, player: string, question: string, choice: string): string | null {
  const key = `${player}\n${question}`;
  const asked = keep.asked.get(key);
  if (!asked?.choices.includes(choice)) return null;
  keep.asked.delete(key);
  touchKeep(keep);
  return asked.script;
}

/** Forgets a player for good: its character is gone. */
export function forgetPlayer(keep: Keep, player: string): void {
  for (const players of keep.memories.values()) if (players.delete(player)) touchKeep(keep);
  for (const key of keep.asked.keys()) {
    if (key.startsWith(`${player}\n`) && keep.asked.delete(key)) touchKeep(keep);
  }
  for (const key of keep.marks.keys()) {
    if (key.endsWith(`\n${player}`) && keep.marks.delete(key)) touchKeep(keep);
  }
}
