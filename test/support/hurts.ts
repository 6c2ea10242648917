/**
 * Every way to fail that is known, one row each. A row needs a file `games/devtest/scripts/<name>.ts` that does its harm
 * when `isArmed` says so (`saved`: the same file, already armed), or a `text` of its own.
 * test/node/hurt.test.ts runs the rows; to try a new one, add it here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What becomes of a file that does harm from its first tick on, when it is saved. */
export type Saved =
  /** It does not compile, or is no definition: the old build goes on; file, line and column are told. */
  | 'broken'
  /** The trial in the spare worker ends it: no live zone ever sees it. */
  | 'refused'
  /** It passes the trial and is found out within its probation: the build before is back. */
  | 'back'
  /** It harms nobody: it runs, and what it asks for too much of is not given; or that costs so much that it is sent back. */
  | 'tamed';

/** What becomes of a build that is trusted and does harm later, where no trial can see it. */
export type Live =
  /** Stopped, or the end of its worker: undone, blamed, at rest in its zone, not started again. */
  | 'ended'
  /** The same, where the worker need not die. */
  | 'stopped'
  /** Its handler throws: undone and told, after three times at rest on that object. */
  | 'undone'
  /** Over its budget: runs less and less often. */
  | 'slowed'
  /** It runs, and what it asks for too much of is not given. */
  | 'runs';

export type Hurt = {
  /** Its kind, and its file in games/devtest/scripts. */
  readonly name: string;
  /** What is blamed. */
  readonly handler: string;
  /** No object that was there before is: all of the kind together, or one that it made. */
  readonly together?: true;
  readonly saved: Saved | null;
  readonly live: Live | null;
  /** The whole file that is saved, when it is not the armed file of devtest. */
  readonly text?: string;
  /** The whole file that does harm once it is armed, when it is none of devtest. */
  readonly asleep?: string;
  /** The fault is the whole file's: it has no line. */
  readonly nowhere?: true;
  /** Part of every run; the others need ROOST_TEST_HURT=all. */
  readonly always?: true;
};

type More = Partial<Omit<Hurt, 'name' | 'saved' | 'live'>>;

const row = (name: string, saved: Saved | null, live: Live | null, more: More = {}): Hurt => ({
  ...{ name, handler: 'tick', saved, live },
  ...more,
});

/** A file of its own, which is only saved. */
const file = (name: string, saved: Saved, handler: string, text: string, more: More = {}): Hurt =>
  row(name, saved, null, { handler, text: `import { defineObject } from 'roost';\n\n${text}\n`, ...more });

const always = { always: true } as const;

export const hurts: readonly Hurt[] = [
  // Time.
  row('loops', 'refused', 'stopped', always),
  row('swallows', 'refused', 'stopped'),
  row('recurses', 'refused', 'undone', always),
  row('backtracks', 'refused', 'stopped'),
  row('sorts', 'refused', 'undone'),
  row('loops-later', 'refused', 'stopped', { handler: 'timers.bang' }),
  row('loops-by-mail', 'refused', 'stopped', { handler: 'messages.bang' }),
  row('slows', 'back', null, { together: true, always: true }),
  row('greedy', 'refused', 'slowed', { together: true }),
  // Memory.
  row('pushes', 'refused', 'ended', always),
  row('slices', 'refused', 'ended'),
  row('fills', 'refused', 'undone'),
  row('lists', 'refused', 'undone'),
  row('splits', 'refused', 'undone'),
  row('joins', 'refused', 'undone'),
  row('spreads', 'refused', 'undone'),
  row('maps', 'refused', 'ended'),
  row('sets', 'refused', 'ended'),
  row('keys', 'refused', 'ended'),
  row('texts', 'refused', 'ended'),
  row('buffers', 'refused', 'undone'),
  row('nests', 'refused', 'undone'),
  row('hoards', null, 'ended'),
  // Floods.
  row('spawns', 'refused', 'undone', always),
  row('mails', 'tamed', 'runs'),
  row('times', 'refused', 'undone'),
  row('says', 'tamed', 'runs', always),
  row('effects', 'refused', 'undone'),
  row('logs', 'tamed', 'runs'),
  // State.
  row('state-big', 'refused', 'undone'),
  row('state-deep', 'refused', 'undone'),
  row('state-round', 'refused', 'undone'),
  row('state-reads', 'refused', 'undone'),
  row('state-endless', 'refused', 'stopped'),
  row('state-nan', 'refused', 'undone'),
  // Lies and ways out.
  row('promises', 'refused', 'undone'),
  row('thenables', 'refused', 'undone'),
  row('stacks', 'refused', 'undone'),
  row('monsters', 'refused', 'undone', always),
  row('replaces', 'refused', 'undone'),
  row('prototypes', 'refused', 'undone'),
  row('constructs', 'refused', 'undone'),
  row('requires', 'refused', 'undone'),
  row('walks', 'tamed', 'runs'),
  row('forges', 'refused', 'undone', always),
  row('costs', 'tamed', 'runs'),
  // Throws.
  row('throws', 'refused', 'undone'),
  row('throws-first', 'refused', 'undone'),
  row('throws-late', 'back', 'undone', always),
  row('throws-born', null, 'undone', { handler: 'create' }),

  // Files that need not be told: what they do, they do when they are read, loaded or moved into.
  file('half-written', 'broken', '', 'export default defineObject({ on: { tick(self) {', always),
  file('top-level-await', 'broken', '', 'await 1;\nexport default defineObject({});', always),
  file('async-handler', 'broken', '', 'export default defineObject({ on: { async tick() {} } });'),
  file('import-of-node', 'broken', '', "import 'node:fs';\nexport default defineObject({});"),
  file(
    'big-integers',
    'broken',
    '',
    'export default defineObject({ on: { tick() { for (let n = 3n; ; ) n *= n; } } });',
  ),
  file('brackets', 'broken', '', `const x = ${'['.repeat(500)};\nexport default defineObject({});`, { nowhere: true }),
  file('casts', 'broken', '', `const x = ${'<T>('.repeat(24)}1${')'.repeat(24)};\nexport default defineObject({});`, {
    nowhere: true,
  }),
  file(
    'handlers',
    'refused',
    'file',
    "export default defineObject({ timers: Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => ['t' + i, () => {}])) });",
  ),
  file('loads-for-ever', 'refused', 'file', 'for (;;);\nexport default defineObject({});', always),
  file('throws-at-load', 'refused', 'file', "throw new Error('Thrown at load');\nexport default defineObject({});"),
  file(
    'throws-in-load',
    'refused',
    'load',
    "export default defineObject({ on: { load() { throw new Error('No.'); } } });",
  ),
  file(
    'throws-in-migrate',
    'refused',
    'migrate',
    "export default defineObject({ version: 2, migrate() { throw new Error('Thrown in migrate'); } });",
    always,
  ),
  file(
    'loops-in-migrate',
    'refused',
    'migrate',
    'export default defineObject({ version: 2, migrate() { for (;;); } });',
  ),
  file(
    'throws-in-create',
    'refused',
    'create',
    `export default defineObject({
  on: {
    create() { throw new Error('Thrown in create'); },
    tick(self, { world }) { if (self.cooldown('born', 60)) world.spawn('throws-in-create', { at: self }); },
  },
});`,
    { together: true },
  ),
];

const home = join(import.meta.dirname, '../..');

/** A file of games/devtest/scripts. */
export function devtestScript(name: string): string {
  return readFileSync(join(home, 'games/devtest/scripts', `${name}.ts`), 'utf8');
}

const guard = '      if (!isArmed(self)) return;\n';

/** The text that is saved over a good one. @throws Error when the file of devtest has no guard to take away */
export function harmful({ name, text }: Hurt): string {
  if (text !== undefined) return text;
  const source = devtestScript(name);
  if (!source.includes(guard)) throw new Error(`games/devtest/scripts/${name}.ts does not wait until it is armed`);
  return source.replace(guard, '');
}

/** The build that stands before harm is saved: dormant, or nothing at all. */
export function dormant({ name, text, asleep }: Hurt): string {
  if (asleep !== undefined) return asleep;
  return text === undefined ? devtestScript(name) : mended.replace('version: 3', 'version: 1');
}

/** The build that lifts everything. */
export const mended = `import { defineObject } from 'roost';

export default defineObject({
  version: 3,
  state: { armed: false },
  methods: {
    arm: { allow: 'view', params: { on: 'boolean?' }, handle: () => 'mended' },
  },
});
`;
