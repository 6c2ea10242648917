/**
 * The game that is played while things break: banks, clocks, gems, and creatures whose scripts are saved over and over.
 * Banks keep their own books: a deposit that is missing or comes twice is written down by the script itself.
 */
import { type Files, flatMap } from './map.ts';

/** Zones that always have players. */
export const zoneNames = ['z0', 'z1', 'z2', 'z3', 'z4', 'z5'] as const;
/** A zone that sleeps and is unloaded whenever no courier is there. */
export const atticName = 'attic';
export const gems = ['Ruby', 'Opal'] as const;
const hensEach = 3;

const gameFile = JSON.stringify({
  title: 'Soak',
  start: zoneNames[0],
  character: 'walker',
  zones: Object.fromEntries([...zoneNames, atticName].map((name) => [name, { map: `maps/${name}.tmj` }])),
});

const walker = `import { defineObject } from 'roost';

export default defineObject({
  body: { shape: 'circle', radius: 0.3 },
  methods: {
    go: {
      params: { zone: 'string' },
      handle(self, { params, world }) {
        world.goto(self, params.zone);
      },
    },
  },
});
`;

const pulse = `import { defineObject } from 'roost';

export default defineObject({
  state: { beats: 0 },
  on: {
    tick(self) {
      self.state.beats += 1;
    },
  },
});
`;

const gem = `import { defineObject } from 'roost';

export default defineObject({
  look: '💎',
  methods: {
    take: {
      allow: 'view',
      durable: true,
      handle(self, { by }) {
        return self.into(by) ? 'taken' : 'refused';
      },
    },
  },
});
`;

const clock = `import { defineObject } from 'roost';

export default defineObject({
  look: '⏰',
  methods: {
    wind: {
      allow: 'view',
      durable: true,
      params: { label: 'string', seconds: 'number' },
      handle(self, { params, world }) {
        return world.spawn('fuse', { at: self, state: { label: params.label, seconds: params.seconds } }).id;
      },
    },
  },
});
`;

const fuse = `import { defineObject } from 'roost';

export default defineObject({
  state: { label: '', seconds: 1, burnt: 0 },
  on: {
    create(self) {
      self.after(self.state.seconds, 'burn');
    },
  },
  timers: {
    burn(self) {
      self.state.burnt += 1;
    },
  },
  methods: {
    sweep: {
      allow: 'view',
      durable: true,
      handle(self) {
        self.destroy();
      },
    },
  },
});
`;

/** A helper that hens and banks import: saving it swaps both. */
export function stepFile(salt: number): string {
  return `export const helper = ${salt};\nexport const step = (n: number): number => n + 1;\n`;
}

export type BankBuild = {
  readonly salt: number;
  readonly version: number;
  /** Text of `migrate`. */
  readonly migrate?: string;
  /** Runs in every tick. */
  readonly tick?: string;
};

export function bankFile({ salt, version, migrate, tick = '' }: BankBuild): string {
  return `import { defineObject, list } from 'roost';
import { step } from './lib/step.ts';

// ${salt}
export default defineObject({
  version: ${version},
  look: '🏦',
  body: { shape: 'box', width: 1, height: 1, type: 'static' },
  state: { total: 0, lanes: {}, wrong: list<string>(), mark: 0 },
  on: {
    tick(self) {
      if (self.state.mark !== ${salt}) self.state.mark = ${salt};
      ${tick}
    },
  },
  methods: {
    deposit: {
      allow: 'view',
      durable: true,
      params: { lane: 'string', k: 'integer' },
      handle(self, { params: { lane, k } }) {
        const last = self.state.lanes[lane] ?? 0;
        if (k !== last + 1 && self.state.wrong.length < 20) self.state.wrong.push(lane + ': ' + k + ' after ' + last);
        self.state.lanes[lane] = k;
        self.state.total = step(self.state.total);
        return self.state.total;
      },
    },
    last: {
      allow: 'view',
      durable: true,
      params: { lane: 'string' },
      handle: (self, { params: { lane } }) => self.state.lanes[lane] ?? 0,
    },
  },
  ${migrate === undefined ? '' : `migrate(old) { ${migrate} },`}
});
`;
}

/** @param tick  Runs in every tick. @param create  Runs in the life of a chick, which a hen with this has at once. */
export function henFile(salt: number, tick = '', create?: string): string {
  const bear = "if (self.cooldown('bear', 60)) world.spawn('hen', { at: self, life: 1 });";
  return `import { defineObject } from 'roost';
import { helper, step } from './lib/step.ts';

// ${salt}
export default defineObject({
  look: '🐔',
  body: { shape: 'circle', radius: 0.3 },
  state: { mark: 0, helper: 0, ticks: 0 },
  on: {
    ${create === undefined ? '' : `create() { ${create} },`}
    tick(self, { world }) {
      if (self.state.mark !== ${salt}) self.state.mark = ${salt};
      if (self.state.helper !== helper) self.state.helper = helper;
      self.state.ticks = step(self.state.ticks) % 1000;
      self.wander(1);
      ${tick}
      ${create === undefined ? '' : bear}
    },
  },
});
`;
}

/** A creature that does harm long after its build was trusted. */
export function impFile(salt: number): string {
  return `import { defineObject } from 'roost';

// ${salt}
export default defineObject({
  look: '👿',
  state: { armed: '', mark: 0 },
  on: {
    load(self) {
      self.state.armed = '';
    },
    tick(self) {
      if (self.state.mark !== ${salt}) self.state.mark = ${salt};
      if (self.state.armed === 'loop') for (;;);
      if (self.state.armed === 'throw') throw new Error('The imp throws');
      if (self.state.armed === 'bomb') {
        const all: unknown[] = [];
        for (;;) all.push(new Array(1000).fill(1));
      }
    },
  },
  methods: {
    arm: {
      allow: 'view',
      params: { how: 'string' },
      handle(self, { params }) {
        self.state.armed = params.how;
      },
    },
  },
});
`;
}

/** Path of a script inside the root, as messages name it. */
export const scriptPath = (kind: string): string => `games/soak/scripts/${kind}.ts`;

/** Everything of the root as it is at first. */
export function gameFiles(): Files {
  const hens = Array.from({ length: hensEach }, () => ({ kind: 'hen' }));
  const things = [{ kind: 'bank' }, { kind: 'clock' }, { kind: 'pulse' }, { kind: 'imp' }, ...hens];
  const ownGems = gems.map((name) => ({ kind: 'gem', name }));
  return {
    'games/soak/game.json': gameFile,
    ...Object.fromEntries(
      zoneNames.map((name, i) => [`games/soak/maps/${name}.tmj`, flatMap(i === 0 ? [...things, ...ownGems] : things)]),
    ),
    [`games/soak/maps/${atticName}.tmj`]: flatMap([{ kind: 'pulse' }]),
    ...Object.fromEntries(
      Object.entries({ walker, pulse, gem, clock, fuse }).map(([kind, text]) => [scriptPath(kind), text]),
    ),
    [scriptPath('lib/step')]: stepFile(0),
    [scriptPath('bank')]: bankFile({ salt: 0, version: 1 }),
    [scriptPath('hen')]: henFile(0),
    [scriptPath('imp')]: impFile(0),
  };
}

/** How many of each kind there are for ever. */
export const counts: ReadonlyMap<string, number> = new Map([
  ['bank', zoneNames.length],
  ['clock', zoneNames.length],
  ['pulse', zoneNames.length + 1],
  ['imp', zoneNames.length],
  ['hen', zoneNames.length * hensEach],
  ['gem', gems.length],
]);
