import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsPage, operationsPage } from '../bin/docs.js';
import { type SettingName, settings } from '../core/config.ts';
import { defaultLimits } from '../core/zone/guard.ts';
import {
  doorFaults,
  exitFaults,
  layerFaults,
  loopFaults,
  membersOf,
  missingFrom,
  openEndFaults,
  type Sources,
  stateFaults,
  workerFaults,
} from './support/house.ts';

const top = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(top, path), 'utf8');

function filesBelow(folder: string): string[] {
  return readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
    .sort();
}

const sources: Sources = new Map(
  ['bin', 'core', 'plugins', 'games', 'scripts', 'test'].flatMap(filesBelow).map((path) => [path, read(path)]),
);

/** A repository of one or two made-up files, to show that a rule can fail. */
const made = (files: Record<string, string>): Sources => new Map(Object.entries(files));

/** The few things that are global to a process by nature; docs/architecture.md names them. */
const knownState = new Set(['bin/hooks.js: pluginFolders']);

describe('layers', () => {
  it('imports follow the arrows main → node → gateway, methods, zone → script, sync, store, content → contract', () => {
    expect(layerFaults(sources)).toEqual([]);
  });
  it.each([
    ['core/gateway/fanout.ts', "import { Zone } from '../zone/zone.ts';"],
    ['core/zone/zone.ts', "import type { Session } from '../gateway/session.ts';"],
    ['core/contract/link.ts', "export { grid } from '../sync/grid.ts';"],
    ['core/methods/host.ts', "import say from '../../plugins/chat/say.ts';"],
    ['core/node/node.ts', "const game = await import('../../games/farmyard/rules.ts');"],
    ['core/store/rows.ts', "import {\n  one,\n  two,\n} from '../node/keeper.ts';"],
    ['core/new-place/thing.ts', "import '../contract/errors.ts';"],
    ['core/sync/grid.ts', "import { defineObject } from 'roost';"],
  ])('%s is refused what lies above it', (path, source) => {
    expect(layerFaults(made({ [path]: source }))).toHaveLength(1);
  });
});

describe('doors', () => {
  it('each library is known where its door is, and nowhere else', () => {
    expect(doorFaults(sources)).toEqual([]);
  });
  it.each([
    ['core/gateway/session.ts', "import { Server } from 'socket.io';"],
    ['core/gateway/session.ts', "import { Line } from './socket/line.ts';"],
    ['core/zone/zone.ts', "import type { World } from 'planck-js';"],
    ['core/zone/physics/solids.ts', "import { Vec2 } from 'planck-js';"],
    ['core/zone/zone.ts', "import { toShape } from './physics/shapes.ts';"],
    ['core/node/keeper.ts', "import knex from 'knex';"],
    ['core/zone/worker.ts', "const ivm = await import('isolated-vm');"],
    ['plugins/host/info.ts', "import fastify from 'fastify';"],
    ['core/gateway/socket.ts', "import chokidar from 'chokidar';"],
    ['core/gateway/text.ts', "import { pino } from 'pino';"],
    ['core/node/node.ts', "import { Registry } from 'prom-client';"],
    ['core/methods/dispatch.ts', "import { trace } from '@opentelemetry/api';"],
  ])('%s may not know what another file keeps', (path, source) => {
    expect(doorFaults(made({ [path]: source }))).toHaveLength(1);
  });
  it('only the command line and the entries of workers end a process', () => {
    expect(exitFaults(sources)).toEqual([]);
    expect(exitFaults(made({ 'core/node/node.ts': 'if (bad) process.exit(1);' }))).toHaveLength(1);
    expect(exitFaults(made({ 'core/node/node.ts': '// process.exit(1) is for main.ts\n' }))).toEqual([]);
  });
});

describe('imports', () => {
  it('make no loop', () => {
    expect(loopFaults(sources)).toEqual([]);
    const loop = {
      'core/a.ts': "import './b.ts';",
      'core/b.ts': "export * from './c.ts';",
      'core/c.ts': "import './a.ts'",
    };
    expect(loopFaults(made(loop))).toEqual(['core/a.ts → core/b.ts → core/c.ts → core/a.ts']);
  });
});

describe('a worker', () => {
  const entry = 'core/zone/worker.ts';

  it('reaches no network, no other program and no database', () => {
    expect(sources.has(entry)).toBe(true);
    expect(workerFaults(sources, entry)).toEqual([]);
  });
  it.each<Record<string, string>>([
    { [entry]: "import { connect } from 'node:net';" },
    { [entry]: "import './zone.ts';", 'core/zone/zone.ts': "import { fork } from 'node:child_process';" },
    {
      [entry]: "new Worker(new URL('./watchdog.ts', import.meta.url))",
      'core/zone/watchdog.ts': "import 'node:dgram';",
    },
    { [entry]: "const { DatabaseSync } = await import('node:sqlite');" },
    { [entry]: "const http = process.getBuiltinModule('node:http');" },
    { [entry]: "await fetch('http://127.0.0.1/');" },
    {
      [entry]: "import '../link/fd.ts';",
      'core/link/fd.ts': "import { Socket } from 'node:net';\nnew Socket().connect(1);",
    },
    { [entry]: "import '../link/fd.ts';", 'core/link/fd.ts': "import net from 'node:net';" },
  ])('is caught when it reaches out (%#)', (files) => {
    expect(workerFaults(made(files), entry)).not.toEqual([]);
  });
});

describe('state', () => {
  it('nothing lives as long as the process, save what is named here', () => {
    expect(stateFaults(sources, knownState)).toEqual([]);
  });
  it.each([
    'let count = 0;',
    'export let last: string;',
    'const seen = new Map<string, number>();',
    'const all: string[] = [];',
  ])('`%s` at the top of a file is seen', (line) => {
    expect(stateFaults(made({ 'core/node/node.ts': `${line}\n` }), knownState)).toHaveLength(1);
  });
  it('tables and what lives in functions are left alone', () => {
    const fine =
      "const table = new Map([['a', 1]]);\nconst none: ReadonlySet<string> = new Set();\nfunction f() {\n  let count = 0;\n}\n";
    expect(stateFaults(made({ 'core/node/node.ts': fine }), knownState)).toEqual([]);
  });
});

describe('nothing is left for later', () => {
  it('without the number of an issue', () => {
    expect(openEndFaults(sources)).toEqual([]);
    const mark = 'TO' + 'DO';
    expect(openEndFaults(made({ 'core/a.ts': `// ${mark}: later` }))).toHaveLength(1);
    expect(openEndFaults(made({ 'core/a.ts': `// ${mark} #12: later` }))).toEqual([]);
  });
});

describe('docs', () => {
  it('errors.md is what core/contract/errors.ts says (npm run docs)', () => {
    expect(read('docs/errors.md')).toBe(errorsPage());
  });
  it('operations.md lists every setting as it is (npm run docs)', () => {
    const page = read('docs/operations.md');
    expect(page).toBe(operationsPage(page));
  });
  it('every setting is read somewhere', () => {
    const others = [...sources].filter(
      ([path]) => path.startsWith('core/') && !/^core\/(config|configure|cli\/help)\.ts$/.test(path),
    );
    const text = others.map(([, source]) => source).join('\n');
    const unread = (Object.keys(settings) as SettingName[]).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    expect(unread).toEqual([]);
  });
  it('a zone that is given no limits has those of the settings', () => {
    const usual = (name: 'objectCpuPercent' | 'kindCpuPercent' | 'zoneCpuPercent' | 'probationMs' | 'recycleMs') =>
      settings[name].default({ host: '127.0.0.1', production: false });
    expect(defaultLimits).toEqual({
      objectPercent: usual('objectCpuPercent'),
      kindPercent: usual('kindCpuPercent'),
      zonePercent: usual('zoneCpuPercent'),
      probationMs: usual('probationMs'),
      recycleMs: usual('recycleMs'),
    });
  });
  it('scripts.md mentions every verb and event of an object script', () => {
    const object = read('core/contract/object.ts');
    const verbs = ['Self', 'World', 'Events'].flatMap((type) => membersOf(object, type));
    expect(verbs.length).toBeGreaterThan(20);
    expect(missingFrom(read('docs/scripts.md'), verbs)).toEqual([]);
  });
  it('a page mentions every built-in method', () => {
    const methods = filesBelow('plugins')
      .map((path) => /^plugins\/(?:([a-z-]+)\/)?([a-z-]+)\.ts$/.exec(path))
      .filter((match) => match !== null && match[2] !== 'plugin')
      .map((match) => [match?.[1], match?.[2]].filter(Boolean).join('.'));
    expect(methods).not.toEqual([]);
    const pages = readdirSync(join(top, 'docs')).filter((name) => name.endsWith('.md') && name !== 'errors.md');
    expect(missingFrom(pages.map((page) => read(`docs/${page}`)).join('\n'), methods)).toEqual([]);
  });
  it('README.md leads to every page', () => {
    const pages = readdirSync(join(top, 'docs')).filter((name) => name.endsWith('.md'));
    const readme = read('README.md');
    expect(pages.filter((page) => !readme.includes(`| [docs/${page}](docs/${page}) |`))).toEqual([]);
  });
  it('a missing mention is seen', () => {
    expect(missingFrom('Say `self.say(text)` and `chat.say`.', ['say', 'tell', 'chat.say', 'chat.sa'])).toEqual([
      'tell',
      'chat.sa',
    ]);
    expect(
      membersOf('export interface Self {\n  say(text: string): void;\n  readonly name: string;\n}\n', 'Self'),
    ).toEqual(['say', 'name']);
  });
});
