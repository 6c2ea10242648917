/** Verbs that make, end and hand over objects. */
import { areFinite, cleanLook, cleanText, valueLimits, whyNotGroup, whyNotLook } from './check.ts';
import { isId } from './ids.ts';
import { newRow } from './new-row.ts';
import type { Thing } from './objects.ts';
import { createRate, type SavedRate } from './rate.ts';
import {
  deepestHolder,
  intentLimits,
  isPlayer,
  type Outcome,
  refusal,
  type Scene,
  standing,
  type Verbs,
  within,
} from './verb.ts';

const tooDeep = `things are at most ${deepestHolder} deep in each other`;

export function createHaving(scene: Scene): {
  readonly verbs: Verbs<'spawn' | 'destroy' | 'hold'>;
  /** What a player carried stays in the world, where it stood; what anything else held goes with it. */
  readonly destroy: (thing: Thing, out: Outcome) => void;
  /** The rate of spawns. */
  readonly save: () => SavedRate;
  readonly restore: (saved: SavedRate) => void;
} {
  const { objects, bodies, walks, timers, ids, width, height } = scene;
  const spawns = createRate(intentLimits.spawns);

  /** How deep something in it would be, counting no further than matters. */
  function depthOf(thing: Thing): number {
    let depth = 1;
    for (let { holder } = thing; holder !== null && depth < deepestHolder; depth++) {
      holder = objects.find(holder)?.holder ?? null;
    }
    return depth;
  }

  function remove(thing: Thing): void {
    walks.stop(thing.id);
    bodies.detach(thing);
    timers.forget(thing.id);
    objects.remove(thing);
  }

  function destroy(thing: Thing, out: Outcome): void {
    bodies.detach(thing);
    for (const held of objects.held(thing.id)) {
      if (isPlayer(thing, scene)) {
        drop(held, standing(thing, scene));
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

  return {
    destroy,
    save: spawns.save,
    restore: spawns.restore,
    verbs: {
      spawn(intent, { time }, out) {
        const { x, y, angle, vx, vy, by, holder } = intent;
        // First: what is refused has used up its id too, and more are asked for in time.
        if (!ids.use(intent.id)) return 'the id is not one to give';
        if (by !== null && !objects.find(by)) return refusal.gone;
        if (!areFinite(x, y, angle, vx, vy) || Math.abs(angle) > intentLimits.angle) return refusal.notFinite;
        if (intent.owner !== null && intent.kind === scene.character) return 'a player has one character';
        const into = holder === null ? null : objects.find(holder);
        if (into === undefined) return 'what should hold it is not here';
        if (into && depthOf(into) >= deepestHolder) return tooDeep;
        if (objects.bytes + timers.bytes > valueLimits.zone)
          return `the states and timers of the zone take ${valueLimits.zone} bytes already`;
        if (objects.size >= scene.mostObjects) return `the zone holds ${scene.mostObjects} objects already`;
        const wrong =
          whyNotLook(intent.look) ??
          whyNotGroup(intent.state, valueLimits.state) ??
          whyNotGroup(intent.own, valueLimits.state) ??
          whyNotGroup(intent.keep, valueLimits.keep, valueLimits.keepDepth);
        if (wrong) return wrong;
        if (cleanText(intent.kind, valueLimits.name) !== intent.kind || intent.kind === '')
          return 'the kind has no proper name';
        if (!spawns.take(time)) return `more than ${intentLimits.spawns} spawns in a second`;
        const owner = intent.owner === null ? null : (objects.find(intent.owner)?.owner ?? null);
        const row = newRow(intent.id, intent.kind, {
          ...{ name: cleanText(intent.name, valueLimits.label), look: cleanLook(intent.look), holder, owner },
          ...{ x: within(x, width), y: within(y, height), angle },
          ...{ state: intent.state, own: intent.own, keep: intent.keep },
        });
        const thing = objects.add(row, { fresh: false, saved: false });
        const refused = bodies.attach(
          thing,
          Array.isArray(intent.ignore) ? intent.ignore.filter(isId).slice(0, 64) : [],
        );
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
        if (thing && isPlayer(thing, scene) && !leaves(thing.id)) return 'a script cannot end a player';
        // What ended with its holder is gone already, as was asked.
        if (thing) destroy(thing, out);
        return null;
      },

      hold(intent, _facts, out) {
        const thing = objects.find(intent.id);
        if (!thing) return refusal.gone;
        const { holder, x, y } = intent;
        if (!areFinite(x, y)) return refusal.notFinite;
        if (holder === null) {
          if (thing.holder === null) return null;
          drop(thing, { x: within(x, width), y: within(y, height) });
          out.corrected.add(thing);
          return null;
        }
        const into = objects.find(holder);
        if (!into) return 'what should hold it is not here';
        if (isPlayer(thing, scene)) return 'nothing holds a player';
        if (objects.whole(thing).includes(into)) return 'it would hold itself';
        if (depthOf(into) >= deepestHolder) return tooDeep;
        walks.stop(thing.id);
        bodies.detach(thing);
        objects.hold(thing, holder);
        objects.place(thing, { x: within(x, width), y: within(y, height), angle: thing.angle, vx: 0, vy: 0 });
        return null;
      },
    },
  };
}
