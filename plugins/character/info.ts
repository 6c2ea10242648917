import { defineMethod, fitting, type Json, type JsonObject, z } from 'roost/plugin';
import { getCharacter } from './_characters.ts';
import { nameParam } from './_params.ts';
import { placeOf } from './_places.ts';

/** JSON of what it holds, in an answer. */
const bytesMost = 150_000;

/**
 * Tells what everybody may know of a character: where it is, its public state and what it holds, as much of that
 * as fits into an answer.
 * @returns `{ name, game, online, zone, stats, inventory, more }`
 */
export default defineMethod({
  rate: { perSecond: 5, burst: 10 },
  params: z.object({ name: nameParam }),
  async handle({ params, host }) {
    const character = await getCharacter(host, params.name);
    const { name, game, owner } = character;
    const [place, seen] = await Promise.all([placeOf(host, character), host.characters.look(owner)]);
    return { name, game, ...place, ...publicPart(seen) };
  },
});

/** Statistics and inventory. What is hidden is not seen here either. */
function publicPart(seen: JsonObject | undefined): JsonObject {
  if (seen === undefined || isHidden(seen)) return { stats: {}, inventory: [], more: false };
  const held = Array.isArray(seen.holds) ? seen.holds.filter(isObject).filter((one) => !isHidden(one)) : [];
  const all = held.map(({ id, kind, name, state }) => ({ id, kind, name, state }) as JsonObject);
  const inventory = fitting(all, bytesMost);
  return { stats: seen.state ?? {}, inventory, more: inventory.length < all.length };
}

function isHidden({ words }: JsonObject): boolean {
  return Array.isArray(words) && words.includes('hidden');
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
