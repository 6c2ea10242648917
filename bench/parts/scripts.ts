/** Objects with a `tick` in the real zone with the real isolate, and the same handlers as plain functions. */
import { fileURLToPath } from 'node:url';
import type { ObjectRow } from '../../core/contract/link.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { openSources } from '../../core/testing/sources.ts';
import { openZone, type RunningZone } from '../../core/zone/turns.ts';
import type { Parts, Side } from '../support/side.ts';

type Kind = 'grazer' | 'idler';
/** A zone holds 5,000. */
const zoneCount = 2;
const perZone = 5_000;
const tickMs = 50;
const start = 1_800_000_000;

const root = fileURLToPath(new URL('../root', import.meta.url));
const sources = openSources([root]);

function rowOf(kind: Kind, i: number): ObjectRow {
  return {
    ...{ id: `0001${(i + 1).toString(16).padStart(12, '0')}`, kind, name: '', look: null, holder: null },
    ...{ x: 1 + (i % 100), y: 1 + Math.floor(i / 100), angle: 0, vx: 0, vy: 0, scale: 1, speed: 2 },
    ...{ owner: null, words: [], physical: true, shape: null, scripts: [] },
    ...{ state: { phase: i % 100 }, own: {}, keep: {}, changed: start, changedTick: 0, tiledId: null },
  };
}

/** As a worker has it: frames are written as text, changes are handed over for the database every 250 ms. */
function roost(kind: Kind): Side {
  const program = sources.compile(sources.find(`scripts/${kind}.ts`));
  let ticks = 0;
  let written = 0;
  const clockMs = () => ticks * tickMs;
  const open = (number: number): RunningZone => {
    const zone = openZone({
      load: {
        ...{ type: 'load', zone: `bench/pasture-${number}`, epoch: 1, reason: 'start', seed: 1, former: [] },
        caution: 'none',
        content: {
          spec: {
            ...{ name: 'pasture', map: null, capacity: 50, tickRate: 1_000 / tickMs, awake: 'always', hearing: 12 },
            ...{ physics: { linearDamping: 4, angularDamping: 4 }, view: { radius: 24, cell: 8, most: 400 } },
            ...{ width: 110, height: 110 },
          },
          ...{ character: 'player', settings: {}, units: { metre: 100, turn: 256 } },
          ...{ solids: [], areas: [], mapObjects: [] },
        },
        programs: [program],
        saved: {
          ...{ populated: true, tick: 0, state: {}, keep: {}, pending: [], timers: [] },
          objects: Array.from({ length: perZone }, (_, i) => rowOf(kind, i)),
        },
        ids: [{ first: '0002000000000001', count: 1_024 }],
      },
      createSandbox,
      sandbox: {
        ...{ memoryMb: 64, tickLimitMs: 1_000, loadLimitMs: 5_000 },
        blame: new Int32Array(new SharedArrayBuffer(12)),
      },
      clock: { now: () => start + clockMs() / 1_000, monotonicMs: clockMs },
      blame: { enter() {}, leave() {} },
      send(message) {
        if (message.type === 'reports') throw new Error(JSON.stringify(message.reports));
        written += JSON.stringify(message).length;
      },
      flushMs: 250,
      mostObjects: perZone,
      // A clock by hand runs faster than the machine: nothing is to be throttled.
      limits: { objectPercent: 1e6, kindPercent: 1e6, zonePercent: 1e6, recycleMs: 1e12 },
    });
    if (!zone) throw new Error('the zone cannot be loaded');
    return zone;
  };
  const zones = Array.from({ length: zoneCount }, (_, number) => open(number));
  return {
    run(count) {
      for (let left = count; left > 0; left--) {
        ticks++;
        for (const zone of zones) zone.turn();
      }
    },
    close() {
      for (const zone of zones) zone.dispose();
      if (written === 0) throw new Error('nothing changed');
    },
  };
}

type Plain = { readonly state: { readonly phase: number; readonly meals: number } };
type Handler = (self: Plain, event: { readonly world: { readonly tick: number } }) => void;

/** The file is imported as it is; what it exports is called for plain objects in a loop. */
async function plain(kind: Kind): Promise<Side> {
  const file = new URL(`../root/scripts/${kind}.ts`, import.meta.url);
  const { default: definition } = (await import(file.href)) as {
    readonly default: { readonly script: { readonly state: object; readonly on: { readonly tick: Handler } } };
  };
  const { state, on } = definition.script;
  const herd = Array.from({ length: zoneCount * perZone }, (_, i) => {
    const { id, x, y } = rowOf(kind, i);
    return { id, kind, x, y, state: { ...state, phase: i % 100 } } as unknown as Plain;
  });
  let tick = 0;
  return {
    run(count) {
      for (let left = count; left > 0; left--) {
        const world = { tick: ++tick, time: start + (tick * tickMs) / 1_000 };
        for (const self of herd) on.tick(self, { world });
      }
    },
  };
}

export const parts: Parts = {
  roost: () => roost('grazer'),
  plain: () => plain('grazer'),
  roostIdle: () => roost('idler'),
  plainIdle: () => plain('idler'),
};
