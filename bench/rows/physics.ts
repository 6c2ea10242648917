import type { Row } from '../row.ts';
import { alternate, cpuEach } from '../support/alternate.ts';

const module = new URL('../parts/physics.ts', import.meta.url);

export const row: Row = {
  name: 'physics',
  what: 'core/zone/physics.ts: 1,000 bodies of which a tenth is pushed in each tick, and 5,000 asleep',
  against: 'bare planck with the same bodies, walls, settings and iterations',
  figures: {
    step: { unit: 'ms CPU per tick', target: { of: 'ratio', atMost: 1.15 } },
    asleep: { unit: 'ms CPU per tick, 5,000 asleep', target: { of: 'ours', atMost: 0.1 } },
    'one awake': { unit: 'ms CPU per tick, one of 5,000 pushed' },
  },
  async run({ quick, rounds, profile }) {
    const times = { rounds: 2 * rounds, roundMs: quick ? 300 : 1_000, warmMs: quick ? 500 : 2_000, profile };
    const { roost, bare } = await alternate({ module, sides: ['roost', 'bare'], units: 20, ...times });
    const still = await alternate({
      ...{ module, sides: ['asleep', 'roostOneAwake', 'bareOneAwake'], units: 20 },
      ...{ rounds, roundMs: 300, warmMs: 500 },
    });
    return {
      figures: {
        step: { ours: cpuEach(roost), theirs: cpuEach(bare) },
        asleep: { ours: cpuEach(still.asleep) },
        'one awake': { ours: cpuEach(still.roostOneAwake), theirs: cpuEach(still.bareOneAwake) },
      },
      notes: ['Both are moved by the same impulses; ours also gives back who moved and who touches whom.'],
    };
  },
};
