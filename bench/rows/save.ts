import { perFlush } from '../parts/save.ts';
import type { Row } from '../row.ts';
import { alternate } from '../support/alternate.ts';
import type { Spent } from '../support/side.ts';

const module = new URL('../parts/save.ts', import.meta.url);

export const row: Row = {
  name: 'save',
  what: 'core/store: changed objects flushed per second, 500 in a transaction, synchronous=FULL',
  against: 'bare sqlite3, one prepared upsert of json_each into the same table under the same pragmas',
  figures: {
    objects: { unit: 'objects per second', target: { of: 'ratio', atLeast: 0.5 } },
    cpu: { unit: 'µs CPU per object' },
  },
  async run({ quick, rounds, profile }) {
    const { roost, bare } = await alternate({
      ...{ module, sides: ['roost', 'bare'], units: 4, rounds: 4 * rounds, roundMs: quick ? 300 : 700 },
      ...{ warmMs: 1_000, profile },
    });
    return {
      figures: {
        objects: { ours: perSecond(roost), theirs: perSecond(bare) },
        cpu: { ours: cpuMicros(roost), theirs: cpuMicros(bare) },
      },
      notes: ['The disk is part of it: every transaction of both sides is on disk before the next begins.'],
    };
  },
};

function perSecond(rounds: readonly Spent[]): readonly number[] {
  return rounds.map(({ work, wallMs }) => (work * perFlush * 1_000) / wallMs);
}

function cpuMicros(rounds: readonly Spent[]): readonly number[] {
  return rounds.map(({ work, cpuMs }) => (cpuMs * 1_000) / (work * perFlush));
}
