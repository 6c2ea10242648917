/**
 * Runs an object script, or a small zone of them, in the real sandbox and the real zone: without network, without
 * database, with a clock that stands until the test moves it. docs/testing.md explains it.
 */
import type { Json, JsonObject } from '../contract/content.ts';
import { zoneItself } from '../contract/driver.ts';
import type { CallOutcome, InboxItem, ObjectId, ObjectRow, ScriptReport } from '../contract/link.ts';
import { newRow } from '../zone/new-row.ts';
import { Refused, ScriptError } from './errors.ts';
import { readScene, unknownKind, type ZoneOf } from './scene.ts';
import { createSeen } from './seen.ts';
import type { PlaceOptions, SimulateOptions, Simulation } from './simulation.ts';
import { openSources, testRoots } from './sources.ts';
import { openStage, type Stage } from './stage.ts';
import { createThings, type Thing } from './things.ts';

const defaults = { seed: 1, time: 1_000_000_000, tickLimitMs: 1_000 } as const;
const untilSeconds = 60;
/** Ticks until a call is answered: one, and more when one of them was stopped and undone. */
const answerTicks = 5;
/** Who sends the messages of a test. */
const nobody = '0000000000000000';

/**
 * Opens a simulation.
 * @param what  A script: `scripts/chicken.ts`, a path inside a root, or `new URL('./chicken.ts', import.meta.url)`.
 *              Or a zone of a game with its map: `{ game: 'farmyard', zone: 'meadow' }`.
 * @throws ScriptError where a file cannot be compiled or loaded; Error when it is not there
 */
export async function simulate(what: string | URL | ZoneOf, options: SimulateOptions = {}): Promise<Simulation> {
  const sources = openSources(options.roots ?? testRoots(process.env, process.cwd()));
  const scene = readScene(sources, what, options);
  const { content } = scene;
  const { width, height, tickRate } = content.spec;
  const changed = new Map<string, string>();
  const seen = createSeen((id) => (stage.known.has(id) ? things.of(id) : null), content.units.metre);
  let programs = scene.programs;
  let inputs = 0;
  let moves = 0;
  /** How many of the errors the test has been told. */
  let told = 0;
  const stage = open();
  const things = createThings(() => stage);

  function open(): Stage {
    try {
      return openStage({
        ...{ ...defaults, ...options, zone: scene.zone, content, programs, world: options.world ?? {} },
        onFrame(frame) {
          seen.frame(frame);
          // The node takes out who is sent elsewhere.
          for (const request of frame.requests)
            if (request.type === 'goto') stage.push({ type: 'take', move: ++moves, object: request.object });
        },
        onReports: seen.report,
      });
    } catch (error) {
      throw seen.errors[0] ? toError(seen.errors[0]) : error;
    }
  }

  function toError(report: ScriptReport): ScriptError {
    return new ScriptError(report, report, sources.locate);
  }

  /** The first error that nobody was told of, and the rest is known with it. */
  function takeError(): ScriptReport | undefined {
    const error = seen.errors[told];
    told = seen.errors.length;
    return error;
  }

  function check(): void {
    const error = takeError();
    if (error && options.errors !== 'collect') throw toError(error);
  }

  function tick(): void {
    stage.tick();
    check();
  }

  function ask(player: Thing, item: (call: number, by: By) => InboxItem): Json {
    const by = byOf(player);
    const outcome = stage.ask((call) => item(call, by));
    for (let left = answerTicks; left > 0 && !outcome(); left--) stage.tick();
    const found: CallOutcome | undefined = outcome();
    if (!found) throw new Error('The zone gave no answer: a test ticks on when it has thrown');
    if (found.ok) {
      check();
      return found.result;
    }
    const error = found.code === 'object.failed' ? takeError() : undefined;
    if (error && options.errors !== 'collect') throw toError(error);
    throw new Refused(found.code, found.message, found.details);
  }

  function call(player: Thing, object: Thing | 'zone', method: string, params: JsonObject): Json {
    const target = object === 'zone' ? zoneItself : object.id;
    return ask(player, (number, by) => ({
      ...{ type: 'call', call: number, ...by, object: target, method, params, durable: false },
    }));
  }

  function byOf(player: Thing): By {
    const owner = stage.known.get(player.id)?.owner;
    if (!owner) throw new Error(`${player.name || player.kind} is nobody's character: players come in by join`);
    return { owner, character: player.id };
  }

  function arrive(kind: string, owner: string | null, place: PlaceOptions): Thing {
    if (!programs.some((program) => program.role === 'object' && program.name === kind))
      throw new Error(unknownKind(kind, programs));
    const { x, y } = place;
    const isThere = x !== undefined && y !== undefined;
    if (isThere && !(x >= 0 && y >= 0 && x <= width && y <= height))
      throw new Error(`(${x}, ${y}) is outside of the zone, which is ${width} by ${height} metres`);
    const row = toRow(stage.nextId(), kind, owner, place);
    if (isThere && !place.inside) stage.ear.places.set(row.id, { x, y });
    const item = { type: 'arrive', objects: [row], timers: [], at: isThere ? { x, y } : null } as const;
    stage.push({ ...item, owner: owner !== null && kind === content.character ? owner : null });
    tick();
    return things.of(row.id);
  }

  const simulation: Simulation = {
    place: (kind, place = {}) => arrive(kind, place.owner ? byOf(place.owner).owner : null, place),
    join(name, place = {}) {
      const owner = `guest:${(stage.known.size + 1).toString(16).padStart(16, '0')}`;
      return arrive(content.character, owner, { ...place, name });
    },
    leave(player) {
      stage.push({ type: 'leave', ...byOf(player) });
      tick();
    },
    connect(player, connected) {
      stage.push({ type: 'connected', ...byOf(player), connected });
      tick();
    },
    call: (player, object, method, params = {}) => call(player, object, method, params),
    activate(player, object) {
      const { results } = call(player, object, '@activate', {}) as { readonly results: readonly Json[] };
      return results.length > 1 ? results : (results[0] ?? null);
    },
    answer: (player, object, name, choice) => call(player, object, '@answer', { name, choice }),
    input(player, input) {
      stage.push({ type: 'input', ...byOf(player), seq: ++inputs, input });
      tick();
    },
    say(player, text) {
      ask(player, (number, by) => ({ type: 'say', call: number, ...by, text }));
    },
    send(to, name, data = null, from) {
      stage.push({ type: 'message', message: { to: to.id, from: from?.id ?? nobody, name, data } });
      tick();
    },

    tick(count = 1) {
      for (let left = count; left > 0; left--) tick();
    },
    seconds(seconds) {
      simulation.tick(Math.max(1, Math.round(seconds * tickRate)));
    },
    until(holds, { seconds = untilSeconds } = {}) {
      for (let left = Math.round(seconds * tickRate); !holds(); left--) {
        if (left <= 0) throw since(new Error(`It did not come to that within ${seconds} s`), simulation.until);
        tick();
      }
    },

    find: (kind) => things.all().filter((thing) => thing.kind === kind),
    the(kind) {
      const [only, ...more] = simulation.find(kind);
      if (only && more.length === 0) return only;
      throw since(new Error(`There ${only ? `are ${more.length + 1}` : 'is no'} ${kind} here`), simulation.the);
    },
    get: (id) => (stage.rows.has(id) ? things.of(id) : undefined),
    get world() {
      return stage.world;
    },
    get time() {
      return stage.now.time;
    },
    get ticks() {
      return stage.now.tick;
    },

    said: seen.said,
    effects: seen.effects,
    emitted: seen.emitted,
    messages: seen.messages,
    departures: seen.departures,
    logged: seen.logged,
    errors: seen.errors,
    refused: seen.refused,
    told: (player) => seen.told(byOf(player).owner),
    asked: (player) => seen.asked(byOf(player).owner),
    clear() {
      seen.clear();
      told = 0;
    },

    costs: () => ({
      cpuMs: stage.ear.cpuMs(),
      kinds: Object.fromEntries(stage.ear.kinds()),
      handlers: Object.fromEntries(stage.ear.handlers()),
    }),
    reload(text, kind) {
      const name = kind ?? scene.subject;
      if (text === undefined) changed.clear();
      else if (name === null) throw new Error('Say which kind the text is of: reload(text, kind)');
      else changed.set(name, text);
      const next = scene.compile(changed);
      const { ok, reports } = stage.swap(next);
      const fault = reports.find(({ what }) => what !== 'log');
      if (!ok) throw fault ? toError(fault) : new Error('The new build was not taken');
      programs = next;
      tick();
    },
    restart({ world = {} } = {}) {
      stage.restart(programs, world);
      tick();
    },
    hash: stage.hash,
    [Symbol.dispose]: stage.dispose,
    [Symbol.asyncDispose]: async () => stage.dispose(),
  };
  // What the map has, and the zone's own script, is there at once.
  simulation.tick();
  return simulation;
}

/** Who does something: as a session would be known. */
type By = { readonly owner: string; readonly character: ObjectId };

function toRow(id: ObjectId, kind: string, owner: string | null, place: PlaceOptions): ObjectRow {
  const { name = '', inside, x = 0, y = 0, angle = 0, words = [], state = {}, own = {}, secret, version } = place;
  return newRow(id, kind, {
    ...{ owner, name, holder: inside?.id ?? null, x, y, angle, words, state, own },
    keep: {
      ...(secret ? { secrets: { [kind]: secret } } : {}),
      ...(version === undefined ? {} : { versions: { [kind]: version } }),
    },
  });
}

/** An error that points to the line of the test. */
function since(error: Error, below: (...given: never[]) => unknown): Error {
  Error.captureStackTrace(error, below);
  return error;
}
