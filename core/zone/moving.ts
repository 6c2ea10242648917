/** Verbs that move an object or change what it is. */
import type { Intent } from '../contract/driver.ts';
import { isInside } from './bodies.ts';
import { areFinite, cleanLook, cleanText, isObject, valueLimits, whyNotLook } from './check.ts';
import { intentLimits, refusal, type Scene, type Verbs, within } from './verb.ts';

/** Bytes of words that are taken where nothing else is any more. */
const wordsBytes = 256 * 1024;

export function createMoving(scene: Scene): Verbs<'set' | 'place' | 'velocity' | 'push' | 'walk'> {
  const { objects, bodies, walks, width, height } = scene;

  return {
    set(intent) {
      const thing = objects.find(intent.id);
      if (!thing) return refusal.gone;
      const { fields } = intent;
      const wrong = isObject(fields) ? whyNotFields(fields) : 'there are no fields';
      if (wrong) return wrong;
      const isShown = fields.name !== undefined || fields.look !== undefined;
      // Words also say that its script rests: there is room for those.
      const spare = isShown ? 0 : wordsBytes;
      if ((isShown || fields.words !== undefined) && objects.bytes + scene.timers.bytes > valueLimits.zone + spare)
        return `the states and timers of the zone take ${valueLimits.zone} bytes already`;
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
      if (!thing) return refusal.gone;
      const { x, y } = intent;
      if (!areFinite(x, y)) return refusal.notFinite;
      if (thing.holder !== null) return refusal.held;
      if (!isInside(x, y, width, height)) return refusal.outside;
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
      if (!thing) return refusal.gone;
      if (thing.holder !== null) return refusal.held;
      if (!areFinite(intent.vx, intent.vy)) return refusal.notFinite;
      walks.stop(intent.id);
      return bodies.velocity(thing, intent.vx, intent.vy);
    },

    push(intent) {
      const thing = objects.find(intent.id);
      if (!thing) return refusal.gone;
      return areFinite(intent.ix, intent.iy) ? bodies.push(thing, intent.ix, intent.iy) : refusal.notFinite;
    },

    walk(intent) {
      const thing = objects.find(intent.id);
      if (!thing) return refusal.gone;
      if (thing.holder !== null) return refusal.held;
      const { to, speed } = intent;
      if (!areFinite(speed) || speed <= 0 || speed > intentLimits.speed)
        return `a speed is more than 0 and at most ${intentLimits.speed}`;
      if (typeof to === 'string') {
        if (!objects.find(to)) return 'where it should go is not here';
        walks.start(thing, to, speed);
        return null;
      }
      if (!isObject(to) || !areFinite(to.x, to.y)) return refusal.notFinite;
      walks.start(thing, { x: within(to.x, width), y: within(to.y, height) }, speed);
      return null;
    },
  };
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
  if (angle !== undefined && !(areFinite(angle) && Math.abs(angle) <= intentLimits.angle)) return refusal.notFinite;
  if (solid !== undefined && typeof solid !== 'boolean') return 'solid is true or false';
  if (type !== undefined && !['dynamic', 'static', 'kinematic'].includes(type)) return 'there is no such body type';
  return null;
}

function areWords(words: unknown): boolean {
  if (!Array.isArray(words) || words.length > valueLimits.words) return false;
  return words.every((word) => typeof word === 'string' && word.length <= 32 && word === cleanText(word, 32));
}
