/**
 * What scripts asked for, applied after a check of everything: the isolate made these intents, so they are claims.
 * A refused one changes nothing; the runtime is told in the next tick, and it counts against the script.
 */
import type { Intent } from '../contract/driver.ts';
import type { Line, ObjectId, Pending, Request } from '../contract/link.ts';
import { cleanText } from './check.ts';
import { createHaving } from './having.ts';
import { createMoving } from './moving.ts';
import type { Thing } from './objects.ts';
import type { SavedRate } from './rate.ts';
import { createSpeaking, type SavedSpeaking } from './speaking.ts';
import { intentLimits, type Outcome, type Scene, type TickFacts, type Verbs } from './verb.ts';

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
  /** How much of its rates the zone has used. */
  save(): SavedIntents;
  restore(saved: SavedIntents): void;
}

export type SavedIntents = { readonly spawns: SavedRate; readonly speaking: SavedSpeaking };

/** The application of one verb, looked up by that verb. */
type AnyVerb = (intent: Intent, facts: TickFacts, out: Outcome) => string | null;

export function createIntents(scene: Scene): Intents {
  const having = createHaving(scene);
  const speaking = createSpeaking(scene);
  const verbs: Verbs<Intent['verb']> = { ...createMoving(scene), ...having.verbs, ...speaking.verbs };
  /** Found by its verb, an application gets only intents of that verb. */
  const table = new Map<string, unknown>(Object.entries(verbs)) as ReadonlyMap<string, AnyVerb>;

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
        const apply = table.get(intent.verb);
        const reason = apply ? apply(intent, facts, out) : 'there is no such verb';
        if (reason !== null)
          refused.push({ id: subjectOf(intent), verb: typeof intent.verb === 'string' ? intent.verb : '', reason });
      }
      const here = (thing: Thing) => scene.objects.find(thing.id) === thing;
      return { ...out, refused, corrected: [...out.corrected].filter(here), dropped: [...out.dropped].filter(here) };
    },
    destroy(thing) {
      const out = empty();
      having.destroy(thing, out);
      return { dropped: [...out.dropped], gone: out.gone };
    },
    save: () => ({ spawns: having.save(), speaking: speaking.save() }),
    restore(saved) {
      having.restore(saved.spawns);
      speaking.restore(saved.speaking);
    },
    say(thing, text, at) {
      const line = cleanText(text);
      return line.trim() === '' ? null : speaking.say(thing, line, at, true);
    },
  };
}

function subjectOf(intent: Intent): ObjectId {
  if ('id' in intent && typeof intent.id === 'string') return intent.id;
  return intent.verb === 'send' && typeof intent.message?.from === 'string' ? intent.message.from : '';
}
