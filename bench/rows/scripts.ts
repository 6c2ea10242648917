import type { Row } from '../row.ts';
import { alternate, cpuEach } from '../support/alternate.ts';

const module = new URL('../parts/scripts.ts', import.meta.url);

export const row: Row = {
  name: 'scripts',
  what: '10,000 objects with a `tick` in two real zones with their isolates; 1 % change state in each tick',
  against: 'the same files imported into one process, their handlers called for plain objects in a loop',
  figures: {
    tick: { unit: 'ms CPU per tick of all', target: { of: 'ratio', atMost: 2.5 } },
    'least handler': { unit: 'ms CPU per tick of all' },
  },
  async run({ quick, rounds, profile }) {
    const spent = await alternate({
      ...{ module, sides: ['roost', 'plain', 'roostIdle', 'plainIdle'], units: 20, execArgv: ['--no-node-snapshot'] },
      ...{ rounds: 2 * rounds, roundMs: quick ? 300 : 1_000, warmMs: quick ? 1_000 : 3_000, profile },
    });
    return {
      figures: {
        tick: { ours: cpuEach(spent.roost), theirs: cpuEach(spent.plain) },
        'least handler': { ours: cpuEach(spent.roostIdle), theirs: cpuEach(spent.plainIdle) },
      },
      notes: [
        'Ours is the whole turn: entry, handlers with undo and costs, what changed taken over, frame and flush as text.',
      ],
    };
  },
};
