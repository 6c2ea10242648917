/** `modes` of game.json → ModeSpec: what a game offers to whoever looks for others to play with. */
import { z } from 'zod';
import type { ModeSpec, NumberRule } from '../contract/content.ts';

const modeLimits = { seats: 64, relaySeats: 16, properties: 8, windows: 16, most: 32 } as const;

const seconds = (least: number, most: number) => z.number().min(least).max(most).optional();
const amount = z.number().min(-1e9).max(1e9);
const width = z.number().min(0).max(1e9);
const seatCount = z.int().min(1).max(modeLimits.seats);

const numberRule = z.strictObject({
  window: z
    .union([width, z.array(width).min(1).max(modeLimits.windows)])
    .describe('How far two may differ; a list widens in steps, and after the last one nothing is asked.'),
  grow: width.optional().describe('What a single window gains by a second of waiting; 0 unless given.'),
  most: width.optional().describe('The widest that a single window becomes; it has no end unless given.'),
  every: z.number().min(0.5).max(3600).optional().describe('Seconds of each window of a list; 10 unless given.'),
  usual: amount.optional().describe('Of who brings none; without it the number has to be brought.'),
  adds: z.boolean().optional().describe('true: the sum of two is compared and not their difference, as of latencies.'),
});

export function modesOf(name: z.ZodType<string>) {
  const mode = z.strictObject({
    title: z.string().min(1).max(80).optional().describe('What people read; the name of the mode unless given.'),
    seats: z
      .union([seatCount, z.tuple([seatCount, seatCount])])
      .optional()
      .describe('How many play: a number, or least and most; 2 unless given.'),
    runs: z
      .enum(['zone', 'instance', 'relay'])
      .optional()
      .describe('Where: in the zone itself, in one of its own (default with a zone), or over a relay of text.'),
    zone: name.optional().describe('The zone of this game that it runs in.'),
    accept: seconds(0, 120).describe('Seconds in which everybody has to accept; 0 (default): nobody is asked.'),
    join: seconds(5, 600).describe('Seconds in which everybody has to come when it has started; 30 unless given.'),
    patience: seconds(0, 3600).describe('Seconds of waiting after which the least number is enough; 10 unless given.'),
    backfill: z.boolean().optional().describe('true: open seats are given to others while it runs.'),
    hosts: z.boolean().optional().describe('true: somebody may begin alone and let others come.'),
    bots: seconds(0, 3600).describe('Seconds of waiting after which bots take what is missing for the least number.'),
    silent: seconds(5, 600).describe('Seconds of silence after which who waits is out of the queue; 25 unless given.'),
    away: seconds(5, 600).describe('Seconds outside of the zone after which a player has left it; 60 unless given.'),
    avoid: seconds(0, 86_400).describe('Seconds without a match with who dropped out on somebody; 600 unless given.'),
    numbers: z
      .record(name, numberRule)
      .refine((all) => Object.keys(all).length <= modeLimits.properties, `at most ${modeLimits.properties} numbers`)
      .optional()
      .describe('Numbers that players bring, by name.'),
    texts: z
      .array(name)
      .max(modeLimits.properties)
      .refine((names) => new Set(names).size === names.length, 'a text is named twice')
      .optional()
      .describe('Texts that players bring; two who bring one have to bring the same.'),
  });
  return z
    .record(name, mode)
    .refine((modes) => Object.keys(modes).length <= modeLimits.most, `a game has at most ${modeLimits.most} modes`)
    .describe('What players can be matched for, by name: docs/matches.md.');
}

export type ModeFiles = z.output<ReturnType<typeof modesOf>>;
type ModeFile = ModeFiles[string];

export function toModes(files: ModeFiles): readonly ModeSpec[] {
  return Object.entries(files).map(([name, file]) => toMode(name, file));
}

function toMode(name: string, file: ModeFile): ModeSpec {
  const { seats = 2, zone = null, numbers = {}, texts = [] } = file;
  const [least, most] = typeof seats === 'number' ? [seats, seats] : seats;
  return {
    name,
    title: file.title ?? name,
    least,
    most,
    runs: file.runs ?? (zone === null ? 'relay' : 'instance'),
    zone,
    accept: file.accept ?? 0,
    join: file.join ?? 30,
    patience: file.patience ?? 10,
    backfill: file.backfill ?? false,
    hosts: file.hosts ?? false,
    bots: file.bots ?? null,
    silent: file.silent ?? 25,
    away: file.away ?? 60,
    avoid: file.avoid ?? 600,
    numbers: Object.entries(numbers).map(([number, rule]) => toRule(number, rule)),
    texts,
  };
}

function toRule(
  name: string,
  { window, grow = 0, most, every = 10, usual, adds = false }: z.output<typeof numberRule>,
) {
  const steps = typeof window !== 'number';
  const rule: NumberRule = {
    ...{ name, adds, windows: steps ? window : [window], grow: steps ? null : grow },
    ...{ most: most ?? null, every, usual: usual ?? null },
  };
  return rule;
}

/** The part of a game that modes ask about. */
type Asked = {
  readonly modes?: ModeFiles | undefined;
  readonly capacity?: number | undefined;
  readonly zones: Readonly<Record<string, AskedZone>>;
};
type AskedZone = {
  readonly owned?: boolean | undefined;
  readonly instances?: number | undefined;
  readonly capacity?: number | undefined;
};

/** Players of a zone that does not say. */
export const capacityUsual = 50;

/** What is wrong with the modes of a game, each with the key it is about. */
export function modeFaults({ modes = {}, zones, capacity = capacityUsual }: Asked) {
  const faults: { readonly path: readonly string[]; readonly message: string }[] = [];
  for (const [name, file] of Object.entries(modes)) {
    const { least, most, runs, zone, bots, backfill, hosts } = toMode(name, file);
    const fault = (key: string, message: string) => faults.push({ path: ['modes', name, key], message });
    if (least > most) fault('seats', 'the least is more than the most');
    if (runs === 'relay') {
      if (zone !== null) fault('zone', 'a relay runs in no zone');
      if (least < 2 || most > modeLimits.relaySeats) fault('seats', `a relay has 2 to ${modeLimits.relaySeats} seats`);
      if (bots !== null) fault('bots', 'nobody would play a bot at a relay');
      if (backfill) fault('backfill', 'a relay is between those who began it');
      if (hosts) fault('hosts', 'a relay is between those who began it');
      continue;
    }
    const spec = zone === null || !Object.hasOwn(zones, zone) ? undefined : zones[zone];
    if (zone === null) fault('runs', 'says in which zone: the key zone is missing');
    else if (spec === undefined) fault('zone', `there is no zone "${zone}"`);
    else if (spec.instances !== undefined) fault('zone', `players could come into different instances of "${zone}"`);
    else if ((spec.capacity ?? capacity) < most) fault('seats', `"${zone}" holds fewer players`);
    else if (spec.owned && runs === 'zone') fault('zone', `everybody has a "${zone}" of their own`);
  }
  return faults;
}

/** Zones that are there for matches: each has one of its own. */
export function matchZones(modes: readonly ModeSpec[]): ReadonlySet<string> {
  return new Set(modes.flatMap(({ runs, zone }) => (runs === 'instance' && zone !== null ? [zone] : [])));
}
