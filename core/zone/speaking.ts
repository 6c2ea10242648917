/** Verbs that reach somebody: lines, texts to one player, messages, effects, and the way to another zone. */
import { zoneItself } from '../contract/driver.ts';
import type { Line, MoveTarget, ObjectId, ZoneEvent } from '../contract/link.ts';
import { areFinite, cleanText, isObject, sizeOf, valueLimits, whyNotData } from './check.ts';
import type { Thing } from './objects.ts';
import { createRate, createShares, type SavedRate, type SavedShares } from './rate.ts';
import { intentLimits, isPlayer, refusal, type Scene, standing, type Verbs } from './verb.ts';

/** Rates, and when whom a script sent elsewhere last. */
export type SavedSpeaking = {
  readonly messages: SavedRate;
  readonly says: SavedRate;
  readonly shows: SavedShares;
  readonly showBytes: SavedShares;
  readonly gotos: readonly (readonly [ObjectId, number])[];
};

type Speech = 'say' | 'tell' | 'ask' | 'effect' | 'emit' | 'send' | 'goto' | 'log';

/** In place of a kind: nobody says who emits. */
const emits = '@emit';

/** What is told, asked and shown, and is not speech. */
type Shown = Exclude<ZoneEvent, { type: 'say' }>;

export function createSpeaking(scene: Scene): {
  readonly verbs: Verbs<Speech>;
  /** Says a line where the object stands and gives it as it is saved. */
  readonly say: (thing: Thing, text: string, at: number, player: boolean) => Line;
  readonly save: () => SavedSpeaking;
  readonly restore: (saved: SavedSpeaking) => void;
} {
  const { objects, frames } = scene;
  const messages = createRate(intentLimits.messages);
  const says = createRate(intentLimits.says);
  const shows = createShares(intentLimits.shows);
  const showBytes = createShares(intentLimits.showBytes);
  const lastGoto = new Map<ObjectId, number>();

  function say(thing: Thing, text: string, at: number, player: boolean): Line {
    const { x, y } = standing(thing, scene);
    const { id, name } = thing;
    frames.event({ type: 'say', id, name, text, x: frames.metres(x), y: frames.metres(y), player, at });
    return { from: id, name, x, y, text, at, player };
  }

  /**
   * Has it shown with the next frame: it costs the node a part of its time for each who sees it. Answers why it is not, or null.
   * @param by  The kind that shows it.
   */
  function show(event: Shown, by: string, time: number): string | null {
    const bytes = 'data' in event ? sizeOf(event.data) : event.text.length;
    if (!shows.take(time, by))
      return `more than its kind may have of ${intentLimits.shows} effects and texts in a second`;
    if (!showBytes.take(time, by, bytes))
      return `more than its kind may have of ${intentLimits.showBytes} bytes of effects in a second`;
    frames.event(event);
    return null;
  }

  return {
    say,
    save: () => ({
      ...{ messages: messages.save(), says: says.save(), gotos: [...lastGoto] },
      ...{ shows: shows.save(), showBytes: showBytes.save() },
    }),
    restore(saved) {
      messages.restore(saved.messages);
      says.restore(saved.says);
      shows.restore(saved.shows);
      showBytes.restore(saved.showBytes);
      for (const [id, time] of saved.gotos) lastGoto.set(id, time);
    },
    verbs: {
      say(intent, { time }, out) {
        const thing = objects.find(intent.id);
        if (!thing) return refusal.gone;
        const text = cleanText(intent.text);
        if (text.trim() === '') return 'there is no text';
        if (!says.take(time)) return `more than ${intentLimits.says} lines in a second`;
        out.lines.push(say(thing, text, time, intent.player === true && isPlayer(thing, scene)));
        return null;
      },

      tell(intent, { time }) {
        const thing = objects.find(intent.id);
        const to = objects.find(intent.to)?.owner;
        if (!thing || !to) return refusal.gone;
        const { id, name, kind } = thing;
        return show({ type: 'tell', to, id, name, text: cleanText(intent.text) }, kind, time);
      },

      ask(intent, { time }) {
        const thing = objects.find(intent.id);
        const to = objects.find(intent.to)?.owner;
        if (!thing || !to) return refusal.gone;
        if (!Array.isArray(intent.choices) || intent.choices.length > intentLimits.choices) {
          return `there are at most ${intentLimits.choices} choices`;
        }
        const { id, name, kind } = thing;
        const question = cleanText(intent.question, valueLimits.name);
        const choices = intent.choices.map((choice) => cleanText(choice, valueLimits.label));
        return show({ type: 'ask', to, id, name, question, text: cleanText(intent.text), choices }, kind, time);
      },

      effect(intent, { time }) {
        const thing = objects.find(intent.id);
        if (!thing) return refusal.gone;
        const wrong = whyNotData(intent.data, valueLimits.data);
        if (wrong) return wrong;
        const name = cleanText(intent.name, valueLimits.name);
        return show({ type: 'effect', id: thing.id, name, data: intent.data }, thing.kind, time);
      },

      emit(intent, { time }) {
        const wrong = whyNotData(intent.data, valueLimits.data);
        if (wrong) return wrong;
        return show({ type: 'emit', name: cleanText(intent.name, valueLimits.name), data: intent.data }, emits, time);
      },

      send({ message }, { time }, out) {
        if (!isObject(message) || typeof message.from !== 'string' || typeof message.to !== 'string')
          return 'it has no address';
        if (!objects.find(message.to) || !(message.from === zoneItself || objects.find(message.from)))
          return refusal.gone;
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
        if (!thing || !objects.find(id)) return refusal.gone;
        if (typeof zone !== 'string' || zone.length > 200) return 'the zone has no proper name';
        const wrong = whyNotTarget(at);
        if (wrong) return wrong;
        if (id !== who && !(isPlayer(thing, scene) && facts.met(who, id)))
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
    },
  };
}

function whyNotTarget(at: MoveTarget): string | null {
  if (at === null || (typeof at === 'string' && at.length <= valueLimits.name)) return null;
  return isObject(at) && areFinite(at.x, at.y) ? null : 'the place is a name of an area or a point';
}

function toTarget(at: MoveTarget): MoveTarget {
  if (at === null) return null;
  return typeof at === 'string' ? cleanText(at, valueLimits.name) : { x: at.x, y: at.y };
}
