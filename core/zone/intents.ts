/**
 * What scripts asked for, applied after a check of everything: the isolate made these intents, so they are claims.
 * A refused one changes nothing; the runtime is told in the next tick, and it counts against the script.
 */
import { type Intent, zoneItself } from '../contract/driver.ts';
import type { Line, MoveTarget, ObjectId, Pending, Request } from '../contract/link.ts';
import { type Bodies, isInside } from './bodies.ts';
import { areFinite, cleanLook, cleanText, isObject, valueLimits, whyNotData, whyNotLook } from './check.ts';
import type { Frames } from './frame.ts';
import { type Ids, isId } from './ids.ts';
import type { Objects, Thing } from './objects.ts';
import { createRate, type Rate } from './rate.ts';
import type { Timers } from './timers.ts';
import type { Walks } from './walks.ts';

/** The parts of a zone that intents change. */
export type Scene = {
  readonly objects: Objects;
  readonly bodies: Bodies;
  readonly walks: Walks;
  readonly timers: Timers;
  readonly frames: Frames;
  readonly ids: Ids;
  /** Metres. */
  readonly width: number;
  readonly height: number;
  /** The kind players control. */
  readonly character: string;
  readonly mostObjects: number;
};

/** What is true of the tick whose intents are applied. */
export type TickFacts = {
  readonly tick: number;
  /** Unix seconds. */
  readonly time: number;
  /** Whether the character touched, activated or called the object in this tick. */
  readonly met: (character: ObjectId, object: ObjectId) => boolean;
  /** Whether the character leaves the game in this tick. */
  readonly leaves: (character: ObjectId) => boolean;
};

export type Refusal = { readonly id: ObjectId; readonly verb: string; readonly reason: string };

/** What the intents of a tick leave for others to do. */
export type Applied = {
  readonly refused: readonly Refusal[];
  readonly messages: readonly Pending[];
  readonly requests: readonly Request[];
  readonly lines: readonly Line[];
  readonly logs: readonly { readonly id: ObjectId | null; readonly text: string }[];
  /** Objects whose place, holder or velocity is not what the isolate thinks. */
  readonly corrected: readonly Thing[];
  /** Objects that left their holder because it ended: the isolate does not know. */
  readonly dropped: readonly Thing[];
  /** Ids of what ended together with its holder. */
  readonly gone: readonly ObjectId[];
};

export interface Intents {
  apply(intents: readonly Intent[], facts: TickFacts): Applied;
  /** Ends an object as the verb does. */
  destroy(thing: Thing): Pick<Applied, 'dropped' | 'gone'>;
  /** Says a player's line where the character stands; null when there is nothing to say. */
  say(thing: Thing, text: string, at: number): Line | null;
}

export const intentLimits = {
  /** In a second, in a zone. */
  spawns: 200,
  messages: 2_000,
  says: 500,
  /** Seconds between two moves of one character. */
  gotoEvery: 2,
  /** Intents of one tick; a tick that asks for more has lost count. */
  perTick: 20_000,
  choices: 8,
  logsPerTick: 50,
  scale: { least: 0.05, most: 20 },
  speed: 100,
} as const;

type Outcome = {
  messages: Pending[];
  requests: Request[];
  lines: Line[];
  logs: { id: ObjectId | null; text: string }[];
  corrected: Set<Thing>;
  dropped: Set<Thing>;
  gone: ObjectId[];
};

/** A verb's application: why it is refused, or null. */
type Apply<V extends Intent['verb']> = (
  intent: Extract<Intent, { verb: V }>,
  facts: TickFacts,
  out: Outcome,
) => string | null;

const gone = 'it is not here';
const notFinite = 'a number is not finite';

export function createIntents(scene: Scene): Intents {
  const { objects, bodies, walks, timers, frames, ids, width, height } = scene;
  const spawns: Rate = createRate(intentLimits.spawns);
  const messages: Rate = createRate(intentLimits.messages);
  const says: Rate = createRate(intentLimits.says);
  const lastGoto = new Map<ObjectId, number>();

  const isPlayer = (thing: Thing) => thing.owner !== null && thing.kind === scene.character;

  /** Where it is seen: its own place, or that of who holds it. */
  function standing(thing: Thing): Thing {
    let at = thing;
    for (let holder = at.holder; holder !== null; holder = at.holder) {
      const next = objects.find(holder);
      if (!next) break;
      at = next;
    }
    return at;
  }

  function remove(thing: Thing): void {
    walks.stop(thing.id);
    bodies.detach(thing);
    timers.forget(thing.id);
    lastGoto.delete(thing.id);
    objects.remove(thing);
  }

  /** What a player carried stays in the world, where it stood; what anything else held goes with it. */
  function destroy(thing: Thing, out: Outcome): void {
    bodies.detach(thing);
    for (const held of objects.held(thing.id)) {
      if (isPlayer(thing)) {
        drop(held, standing(thing));
        out.dropped.add(held);
      } else {
        out.gone.push(held.id);
        destroy(held, out);
      }
    }
    remove(thing);
  }

  function drop(thing: Thing, at: { x: number; y: number }): void {
    objects.hold(thing, null);
    objects.place(thing, { x: at.x, y: at.y, angle: thing.angle, vx: 0, vy: 0 }, true);
    bodies.attach(thing);
  }

  const table: { readonly [V in Intent['verb']]: Apply<V> } = {
    spawn(intent, { time }, out) {
      const { x, y, angle, vx, vy, by, holder } = intent;
      if (by !== null && !objects.find(by)) return gone;
      if (!areFinite(x, y, angle, vx, vy)) return notFinite;
      if (holder !== null && !objects.find(holder)) return 'what should hold it is not here';
      if (objects.bytes > valueLimits.zone) return `the states of the zone take ${valueLimits.zone} bytes already`;
      if (objects.size >= scene.mostObjects) return `the zone holds ${scene.mostObjects} objects already`;
      const wrong =
        whyNotLook(intent.look) ??
        whyNotData(intent.state, valueLimits.state) ??
        whyNotData(intent.own, valueLimits.state) ??
        whyNotData(intent.keep, valueLimits.keep);
      if (wrong) return wrong;
      if (cleanText(intent.kind, valueLimits.name) !== intent.kind || intent.kind === '')
        return 'the kind has no proper name';
      if (!spawns.take(time)) return `more than ${intentLimits.spawns} spawns in a second`;
      if (!ids.use(intent.id)) return 'the id is not one to give';
      const owner = intent.owner === null ? null : (objects.find(intent.owner)?.owner ?? null);
      const row = {
        id: intent.id,
        kind: intent.kind,
        name: cleanText(intent.name, valueLimits.label),
        look: cleanLook(intent.look),
        holder,
        x: within(x, width),
        y: within(y, height),
        angle,
        vx: 0,
        vy: 0,
        scale: 1,
        speed: 0,
        owner,
        words: [],
        physical: true,
        shape: null,
        scripts: [],
        state: intent.state,
        own: intent.own,
        keep: intent.keep,
        changed: 0,
        changedTick: 0,
        tiledId: null,
      };
      const thing = objects.add(row, { fresh: false, saved: false });
      const refused = bodies.attach(thing, Array.isArray(intent.ignore) ? intent.ignore.filter(isId).slice(0, 64) : []);
      if (refused !== null) {
        objects.remove(thing);
        return refused;
      }
      if (holder === null && (vx !== 0 || vy !== 0)) bodies.velocity(thing, vx, vy);
      if (thing.x !== x || thing.y !== y) out.corrected.add(thing);
      return null;
    },

    destroy(intent, { leaves }, out) {
      const thing = objects.find(intent.id);
      if (thing && isPlayer(thing) && !leaves(thing.id)) return 'a script cannot end a player';
      // What ended with its holder is gone already, as was asked.
      if (thing) destroy(thing, out);
      return null;
    },

    set(intent) {
      const thing = objects.find(intent.id);
      if (!thing) return gone;
      const { fields } = intent;
      const wrong = isObject(fields) ? whyNotFields(fields) : 'there are no fields';
      if (wrong) return wrong;
      objects.set(thing, {
        ...(fields.name === undefined ? {} : { name: cleanText(fields.name, valueLimits.label) }),
        ...(fields.look === undefined ? {} : { look: cleanLook(fields.look) }),
        ...(fields.scale === undefined ? {} : { scale: fields.scale }),
        ...(fields.speed === undefined ? {} : { speed: fields.speed }),
        ...(fields.words === undefined ? {} : { words: fields.words }),
        ...(fields.physical === undefined ? {} : { physical: fields.physical }),
      });
      let refused: string | null = null;
      if (fields.physical === true) refused ??= bodies.attach(thing);
      if (fields.physical === false) bodies.detach(thing);
      if (fields.angle !== undefined) refused ??= bodies.turn(thing, fields.angle);
      if (fields.type !== undefined) refused ??= bodies.type(thing, fields.type);
      if (fields.solid !== undefined) refused ??= bodies.solid(thing, fields.solid);
      return refused;
    },

    place(intent, _facts, out) {
      const thing = objects.find(intent.id);
      if (!thing) return gone;
      const { x, y } = intent;
      if (!areFinite(x, y)) return notFinite;
      if (thing.holder !== null) return 'it is held';
      if (!isInside(x, y, width, height)) return 'the place is outside the zone';
      if (intent.checked && bodies.blocked(thing, x, y)) {
        out.corrected.add(thing);
        return 'blocked';
      }
      const refused = bodies.put(thing, x, y, intent.checked ? 'step' : 'jump');
      if (refused !== null || thing.x !== x || thing.y !== y) out.corrected.add(thing);
      return refused;
    },

    velocity(intent) {
      const thing = objects.find(intent.id);
      if (!thing) return gone;
      if (thing.holder !== null) return 'it is held';
      walks.stop(intent.id);
      return bodies.velocity(thing, intent.vx, intent.vy);
    },

    push(intent) {
      const thing = objects.find(intent.id);
      return thing ? bodies.push(thing, intent.ix, intent.iy) : gone;
    },

    walk(intent) {
      const thing = objects.find(intent.id);
      if (!thing) return gone;
      if (thing.holder !== null) return 'it is held';
      const { to, speed } = intent;
      if (!areFinite(speed) || speed <= 0 || speed > intentLimits.speed)
        return `a speed is more than 0 and at most ${intentLimits.speed}`;
      if (typeof to === 'string') {
        if (!objects.find(to)) return 'where it should go is not here';
        walks.start(thing, to, speed);
        return null;
      }
      if (!isObject(to) || !areFinite(to.x, to.y)) return notFinite;
      walks.start(thing, { x: within(to.x, width), y: within(to.y, height) }, speed);
      return null;
    },

    hold(intent, _facts, out) {
      const thing = objects.find(intent.id);
      if (!thing) return gone;
      const { holder, x, y } = intent;
      if (!areFinite(x, y)) return notFinite;
      if (holder === null) {
        if (thing.holder === null) return null;
        drop(thing, { x: within(x, width), y: within(y, height) });
        out.corrected.add(thing);
        return null;
      }
      const into = objects.find(holder);
      if (!into) return 'what should hold it is not here';
      if (isPlayer(thing)) return 'nothing holds a player';
      if (objects.whole(thing).includes(into)) return 'it would hold itself';
      walks.stop(thing.id);
      bodies.detach(thing);
      objects.hold(thing, holder);
      objects.place(thing, { x: within(x, width), y: within(y, height), angle: thing.angle, vx: 0, vy: 0 });
      return null;
    },

    say(intent, { time }, out) {
      const thing = objects.find(intent.id);
      if (!thing) return gone;
      const text = cleanText(intent.text);
      if (text.trim() === '') return 'there is no text';
      if (!says.take(time)) return `more than ${intentLimits.says} lines in a second`;
      out.lines.push(say(thing, text, time, intent.player === true && isPlayer(thing)));
      return null;
    },

    tell(intent) {
      const thing = objects.find(intent.id);
      const to = objects.find(intent.to)?.owner;
      if (!thing || !to) return gone;
      frames.event({ type: 'tell', to, id: thing.id, name: thing.name, text: cleanText(intent.text) });
      return null;
    },

    ask(intent) {
      const thing = objects.find(intent.id);
      const to = objects.find(intent.to)?.owner;
      if (!thing || !to) return gone;
      if (!Array.isArray(intent.choices) || intent.choices.length > intentLimits.choices) {
        return `there are at most ${intentLimits.choices} choices`;
      }
      frames.event({
        type: 'ask',
        to,
        id: thing.id,
        name: thing.name,
        question: cleanText(intent.question, valueLimits.name),
        text: cleanText(intent.text),
        choices: intent.choices.map((choice) => cleanText(choice, valueLimits.label)),
      });
      return null;
    },

    effect(intent) {
      if (!objects.find(intent.id)) return gone;
      const wrong = whyNotData(intent.data, valueLimits.data);
      if (wrong) return wrong;
      frames.event({
        type: 'effect',
        id: intent.id,
        name: cleanText(intent.name, valueLimits.name),
        data: intent.data,
      });
      return null;
    },

    emit(intent) {
      const wrong = whyNotData(intent.data, valueLimits.data);
      if (wrong) return wrong;
      frames.event({ type: 'emit', name: cleanText(intent.name, valueLimits.name), data: intent.data });
      return null;
    },

    send({ message }, { time }, out) {
      if (!isObject(message) || typeof message.from !== 'string' || typeof message.to !== 'string')
        return 'it has no address';
      if (!objects.find(message.to) || !(message.from === zoneItself || objects.find(message.from))) return gone;
      const wrong = whyNotData(message.data ?? null, valueLimits.data);
      if (wrong) return wrong;
      if (!messages.take(time)) return `more than ${intentLimits.messages} messages in a second`;
      const { to, from } = message;
      out.messages.push({ to, from, name: cleanText(message.name, valueLimits.name), data: message.data ?? null });
      return null;
    },

    goto(intent, facts, out) {
      const { id, who, zone, at } = intent;
      const thing = objects.find(who);
      if (!thing || !objects.find(id)) return gone;
      if (typeof zone !== 'string' || zone.length > 200) return 'the zone has no proper name';
      const wrong = whyNotTarget(at);
      if (wrong) return wrong;
      if (id !== who && !(isPlayer(thing) && facts.met(who, id)))
        return 'it did not touch, activate or call it in this tick';
      if (facts.time - (lastGoto.get(who) ?? Number.NEGATIVE_INFINITY) < intentLimits.gotoEvery) {
        return `it went ${intentLimits.gotoEvery} s ago or less`;
      }
      lastGoto.set(who, facts.time);
      out.requests.push({ type: 'goto', object: who, zone: cleanText(zone, 200), at: toTarget(at) });
      return null;
    },

    log(intent, _facts, out) {
      if (out.logs.length < intentLimits.logsPerTick) out.logs.push({ id: intent.id, text: cleanText(intent.text) });
      return null;
    },
  };

  /** Says a line where the object stands and gives it as it is saved. */
  function say(thing: Thing, text: string, at: number, player: boolean): Line {
    const { x, y } = standing(thing);
    const { id, name } = thing;
    frames.event({ type: 'say', id, name, text, x: frames.metres(x), y: frames.metres(y), player, at });
    return { from: id, name, x, y, text, at, player };
  }

  const empty = (): Outcome => ({
    messages: [],
    requests: [],
    lines: [],
    logs: [],
    corrected: new Set(),
    dropped: new Set(),
    gone: [],
  });

  return {
    apply(intents, facts) {
      const out = empty();
      const refused: Refusal[] = [];
      for (const intent of intents.slice(0, intentLimits.perTick)) {
        const apply = (table as Record<string, Apply<Intent['verb']> | undefined>)[intent.verb];
        const reason = apply && Object.hasOwn(table, intent.verb) ? apply(intent, facts, out) : 'there is no such verb';
        if (reason !== null) refused.push({ id: subjectOf(intent), verb: String(intent.verb), reason });
      }
      const here = (thing: Thing) => objects.find(thing.id) === thing;
      return { ...out, refused, corrected: [...out.corrected].filter(here), dropped: [...out.dropped].filter(here) };
    },
    destroy(thing) {
      const out = empty();
      destroy(thing, out);
      return { dropped: [...out.dropped], gone: out.gone };
    },
    say(thing, text, at) {
      const line = cleanText(text);
      return line.trim() === '' ? null : say(thing, line, at, true);
    },
  };
}

function subjectOf(intent: Intent): ObjectId {
  if ('id' in intent && typeof intent.id === 'string') return intent.id;
  return intent.verb === 'send' && typeof intent.message?.from === 'string' ? intent.message.from : '';
}

function whyNotFields(fields: Extract<Intent, { verb: 'set' }>['fields']): string | null {
  const { name, scale, speed, words, physical, angle, solid, type } = fields;
  const limits = intentLimits.scale;
  if (name !== undefined && typeof name !== 'string') return 'a name is a text';
  if (fields.look !== undefined) {
    const wrong = whyNotLook(fields.look);
    if (wrong) return wrong;
  }
  if (scale !== undefined && !(areFinite(scale) && scale >= limits.least && scale <= limits.most)) {
    return `scale is ${limits.least} to ${limits.most}`;
  }
  if (speed !== undefined && !(areFinite(speed) && speed >= 0 && speed <= intentLimits.speed)) {
    return `speed is 0 to ${intentLimits.speed}`;
  }
  if (words !== undefined && !areWords(words)) return `words are at most ${valueLimits.words} short texts`;
  if (physical !== undefined && typeof physical !== 'boolean') return 'physical is true or false';
  if (angle !== undefined && !areFinite(angle)) return notFinite;
  if (solid !== undefined && typeof solid !== 'boolean') return 'solid is true or false';
  if (type !== undefined && !['dynamic', 'static', 'kinematic'].includes(type)) return 'there is no such body type';
  return null;
}

function areWords(words: unknown): boolean {
  if (!Array.isArray(words) || words.length > valueLimits.words) return false;
  return words.every((word) => typeof word === 'string' && word.length <= 32 && word === cleanText(word, 32));
}

function whyNotTarget(at: MoveTarget): string | null {
  if (at === null || (typeof at === 'string' && at.length <= valueLimits.name)) return null;
  return isObject(at) && areFinite(at.x, at.y) ? null : 'the place is a name of an area or a point';
}

function toTarget(at: MoveTarget): MoveTarget {
  if (at === null) return null;
  return typeof at === 'string' ? cleanText(at, valueLimits.name) : { x: at.x, y: at.y };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
