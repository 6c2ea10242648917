/** All that a fault may reach for: the server, who plays on it, and what the files hold. */
import type { Courier } from './courier.ts';
import type { Ledger } from './ledger.ts';
import type { Lines } from './lines.ts';
import type { Operator } from './operator.ts';
import type { Processes } from './processes.ts';
import type { Random } from './random.ts';
import type { Server } from './server.ts';
import type { Turns } from './turns.ts';
import { cameTrue } from './wait.ts';
import type { Walker } from './walker.ts';

/** The zone ticks again when its pulse was seen so often. */
const beatsWanted = 5;

export type Files = {
  /** Counts up: every build is another one. */
  salt: number;
  /** Version of the bank's state. */
  bankVersion: number;
  /** Marks of builds that are good, by kind. */
  readonly good: ReadonlyMap<string, Set<number>>;
  /** Build of the plugin that was good last. */
  tally: number;
};

export type World = {
  readonly server: Server;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly walkers: readonly Walker[];
  readonly couriers: readonly Courier[];
  readonly operator: Operator;
  readonly turns: Turns;
  readonly lines: Lines;
  readonly processes: Processes;
  readonly files: Files;
  /** Whatever takes longer than this to be well again is a fault of the server, in milliseconds. */
  readonly patienceMs: number;
  /** Open files of the node when all players had come in for the first time. */
  filesAtFirst: number;
  readonly say: (line: string) => void;
};

export function players({ walkers, couriers, operator }: World) {
  return [...walkers, ...couriers, operator];
}

/** Resolves when every zone ticks and every player is in one and sees it. */
export async function untilWell(world: World, what: string): Promise<void> {
  const { walkers, ledger, patienceMs } = world;
  const from = new Map(walkers.map((walker) => [walker, walker.beats]));
  const well = () =>
    players(world).every(({ ready }) => ready) &&
    walkers.every((walker) => walker.beats >= (from.get(walker) ?? 0) + beatsWanted);
  if (await cameTrue(well, patienceMs)) return;
  const late = walkers.filter((walker) => walker.beats < (from.get(walker) ?? 0) + beatsWanted);
  const out = players(world).filter(({ ready }) => !ready);
  ledger.wrong(
    'late',
    `${what}: not well after ${patienceMs} ms; still: ${late.map(({ home }) => home)}; out: ${out.map(({ name }) => name)}`,
  );
}

/** Whether something becomes true in time; what does not is written down. */
export async function expectSoon(world: World, what: string, holds: () => boolean): Promise<void> {
  if (!(await cameTrue(holds, world.patienceMs)))
    world.ledger.wrong('late', `${what}: not within ${world.patienceMs} ms`);
}

/** Marks of all objects of a kind, as players see them, without chicks that live for a second. */
export function marks({ walkers }: World, kind: string, field = 'mark'): readonly number[] {
  return walkers.flatMap(({ client }) =>
    [...client.objects.values()].flatMap((one) => (one.kind === kind ? Number(one.state[field] ?? 0) : [])),
  );
}
