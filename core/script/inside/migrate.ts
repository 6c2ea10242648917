/** What an older or newer version of a script has stored: brought up to the version that runs, or given back. */
import type { Json, JsonObject } from '../../contract/content.ts';
import type { Kept } from './costs.ts';
import { dropDrafts, setField, settleGroups } from './group.ts';
import { here, type Obj, zoneItself } from './here.ts';
import { anyVersion, type Former, raise } from './keep.ts';
import { dataLimits, deepFreeze, plain } from './plain.ts';
import type { Script } from './script.ts';

/** What is known of all upgrades of a zone. */
export type Upgrades = {
  readonly kept: Kept;
  /** Objects whose stored form is replaced as a whole. */
  readonly migrated: Set<Obj>;
  readonly migratedScripts: Set<string>;
  /** The script does not fit what was stored. */
  discard(script: Script, handler: string, thrown: unknown, of: Obj): void;
};

/** What a script is given of an object that an older version of it left. */
export type Stored = { readonly state: JsonObject; readonly own: JsonObject; readonly keep: JsonObject };

export const nothingStored: Stored = { state: {}, own: {}, keep: {} };

/** Brings what a script stored up to its version. False when it cannot: the script was discarded. */
export function upgrade(upgrades: Upgrades, object: Obj, script: Script, fresh: boolean, stored: Stored): boolean {
  if (script.resting !== null) return true;
  const { versions, before } = object.keep;
  let from = fresh ? script.version : (versions.get(script.name) ?? 1);
  let old = stored;
  const former = before.get(script.name);
  if (former && from > script.version && former.version <= script.version) {
    old = takeBack(object, script, former, stored);
    from = former.version === anyVersion ? script.version : former.version;
    before.delete(script.name);
    note(upgrades, object, script);
  } else if (from > script.version) {
    const message = `version ${script.version} is lower than the ${from} of stored objects: give it ${from} or more`;
    upgrades.discard(script, 'version', new RangeError(message), object);
    return false;
  }
  if (from === script.version && versions.get(script.name) === from) return true;
  if (from < script.version && !migrateFrom(upgrades, object, script, old, from)) return false;
  // Whether the zone's own script is new is seen by its having no version.
  if (object.id === zoneItself && fresh) return true;
  raise(object.keep, script);
  return true;
}

/** Runs `migrate`, where there is one. While the build is on probation what was there before is kept. */
function migrateFrom(upgrades: Upgrades, object: Obj, script: Script, old: Stored, from: number): boolean {
  const how = script.migrate;
  if (!how) return true;
  const { before } = object.keep;
  upgrades.kept.mark(object.slot, how.number);
  try {
    migrate(object, script, old, from);
  } catch (thrown) {
    dropDrafts(0);
    upgrades.discard(script, 'migrate', thrown, object);
    return false;
  }
  const oldest = before.get(script.name);
  if (here.proving && !oldest?.state) {
    const version = oldest ? anyVersion : from;
    before.set(script.name, { version, state: old.state, own: old.own, secret: secretOf(old, script) });
  }
  note(upgrades, object, script);
  return true;
}

function note({ migrated, migratedScripts }: Upgrades, object: Obj, script: Script): void {
  migrated.add(object);
  migratedScripts.add(script.name);
}

function migrate(object: Obj, script: Script, stored: Stored, from: number): void {
  const secrets = object.keep.secrets.get(script);
  const old = copyOf({ state: stored.state, own: stored.own, secret: secretOf(stored, script) });
  const result = script.migrate?.run(old, from);
  const now = plain(result ?? old, 'what migrate gave back', 64 * 1024) as {
    state?: JsonObject;
    own?: JsonObject;
    secret?: JsonObject;
  };
  const groups = [
    [object.state, now.state],
    [object.own, now.own],
    [secrets, now.secret],
  ] as const;
  for (const [group, values] of groups) {
    group?.layout.names.forEach((name, i) => {
      if (values && Object.hasOwn(values, name)) setField(group, i, plain(values[name], name, dataLimits.state));
    });
  }
  settleGroups(0);
  here.logged = 0;
}

/** A script's part of what was stored. */
function secretOf({ keep }: Stored, { name }: Script): JsonObject {
  const all = (keep.secrets ?? {}) as { readonly [script: string]: JsonObject };
  return (Object.hasOwn(all, name) ? all[name] : undefined) ?? {};
}

/** Gives an object's script the fields it had before `migrate`; those of the object's other scripts stay as they are. */
function takeBack(object: Obj, script: Script, { state, own, secret }: Former, stored: Stored): Stored {
  if (!state || !own || !secret) return stored;
  const groups = [
    [object.state, state, script.state],
    [object.own, own, script.own],
    [object.keep.secrets.get(script), secret, null],
  ] as const;
  for (const [group, values, declared] of groups) {
    group?.layout.names.forEach((name, i) => {
      if (declared && !declared.has(name)) return;
      setField(group, i, deepFreeze((Object.hasOwn(values, name) ? values[name] : group.layout.defaults[i]) as Json));
    });
  }
  settleGroups(0);
  here.logged = 0;
  const all = (stored.keep.secrets ?? {}) as JsonObject;
  return {
    state: { ...stored.state, ...state },
    own: { ...stored.own, ...own },
    keep: { ...stored.keep, secrets: { ...all, [script.name]: secret } },
  };
}

function copyOf(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
