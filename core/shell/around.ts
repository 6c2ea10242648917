/** What stands around you, as `zone.objects` says: asked for anew each time. */
import type { Answer } from '../contract/protocol.ts';
import { done, refused, type Sitting, wrong } from './command.ts';
import type { Done } from './door.ts';
import { isPlayer, listThings, type Thing } from './things.ts';

export type Around = { readonly zone: string; readonly self: Thing; readonly things: readonly Thing[] };

/** Everything in view and your own character; or why there is nothing to be seen. */
export async function seeAround(sitting: Sitting): Promise<Around | Done> {
  for (let look = 1; ; look++) {
    const seen = await seeNow(sitting);
    // Who has just come in is seen from the next tick on.
    if (isSeen(seen) || seen.code !== notYet || look === mostLooks) return seen;
    await sitting.wait(lookAgainMs);
  }
}

const notYet = 'shell.not-yet';
const mostLooks = 5;
const lookAgainMs = 250;

async function seeNow(sitting: Sitting): Promise<Around | Done> {
  const answer: Answer = await sitting.call('zone.objects', {});
  if (!answer.ok)
    return refused(answer, ...(answer.error.code === 'zone.none' ? ['Type play to come into the game.'] : []));
  const { zone, objects: things } = answer.result as unknown as {
    readonly zone: string;
    readonly objects: readonly Thing[];
  };
  const { you } = sitting;
  you.things = things;
  you.meet(things.filter((thing) => isPlayer(thing)).map(({ name }) => name));
  const self = things.find(({ id }) => id === you.character);
  return self === undefined
    ? { ...wrong(`${zone}: there is nothing to be seen yet. Try again in a moment.`), code: notYet }
    : { zone, self, things };
}

export function isSeen(seen: Around | Done): seen is Around {
  return 'self' in seen;
}

/** Where you are and what stands there. @param most  Lines. */
export async function lookAround(sitting: Sitting, { most }: { readonly most: number }): Promise<Done> {
  const seen = await seeAround(sitting);
  if (!isSeen(seen)) return seen;
  const { zone, self, things } = seen;
  const held = things.filter(({ holder }) => holder === self.id).length;
  const carried = held === 0 ? '' : ` You carry ${held} ${held === 1 ? 'thing' : 'things'}: inventory.`;
  const list = listThings(things, self, most);
  const head = `${zone}: you are at ${Math.round(self.x)}, ${Math.round(self.y)} (metres from the left and the top).${carried}`;
  return {
    ...done([head, ...(list.length === 0 ? ['  There is nothing around you.'] : list)]),
    result: { zone, objects: [...things] as never },
  };
}
