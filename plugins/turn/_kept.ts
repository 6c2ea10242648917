/** What the former build handed over, if this one can go on with it. */
import { type Json, z } from 'roost/plugin';
import { type Kept, keptForm } from './_relay.ts';

/** It was written by this very plugin: the number of its form says the rest. */
const kept = z.looseObject({
  form: z.literal(keptForm),
  players: z.array(z.looseObject({ key: z.string() })),
  matches: z.array(z.looseObject({ id: z.string(), seats: z.array(z.looseObject({ key: z.string() })) })),
  former: z.array(z.tuple([z.string(), z.looseObject({ untilS: z.number() })])),
});

export function readKept(former: Json | undefined): Kept | undefined {
  return kept.safeParse(former).success ? (former as unknown as Kept) : undefined;
}
