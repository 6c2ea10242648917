/** Clients that were written from the docs, and stand there: examples/walk.py, examples/relay.py and two.mjs of docs/matches.md. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNew } from '../../core/cli/new.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

const run = promisify(execFile);
const home = join(import.meta.dirname, '../..');
const script = join(home, 'examples/walk.py');
const relay = join(home, 'examples/relay.py');

const importsOf = async (file: string) =>
  [...(await readFile(file, 'utf8')).matchAll(/^import ([\w.]+)/gm)].map(([, name]) => name);

/** The first block of this kind of a page, without its indent. */
function blockOf(page: string, kind: string): string {
  const [, indent = '', text = ''] = new RegExp(`^( *)\`\`\`${kind}\\n([^]*?)^ *\`\`\``, 'm').exec(page) ?? [];
  return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

let root: string;
let node: TestNode;
let matches: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'roost-docs-'));
  matches = await readFile(join(home, 'docs/matches.md'), 'utf8');
  // As the page says: a new game, and two modes.
  makeNew({ what: 'game', name: 'castle', root, plugins: null, cwd: home });
  const file = join(root, 'games/castle/game.json');
  const game = JSON.parse(await readFile(file, 'utf8')) as object;
  const modes = JSON.parse(`{${blockOf(matches, 'json')}}`) as object;
  await writeFile(file, JSON.stringify({ ...game, ...modes }));
  node = await startTestNode({ game: 'farmyard', roots: [root] });
}, 60_000);
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

describe('CLI-04 a script in Python, with nothing but its standard library', { timeout: 60_000 }, () => {
  it('plays by the documented HTTP interface', async () => {
    const watcher = await node.join('Watcher', 'farmyard/meadow');
    const first = await run('python3', [script, node.url, 'Robin', 'a robin sings in winter']);
    await watcher.until(() => watcher.events.some((event) => event.ev === 'say' && event.text === 'Hello from Python'));
    expect(first.stdout).toMatch(/^Roost [\d.]+ with \d+ methods, playing farmyard\.\nThere is an account Robin now\./);
    expect(first.stdout).toMatch(/Robin is in farmyard\/meadow and sees:\n( {2}.+\n)+Walked from/);
    const [, ...places] = /Walked from (.+), (.+) to (.+), (.+)\.\n/.exec(first.stdout) ?? [];
    const [x0, y0, x1, y1] = places.map(Number) as [number, number, number, number];
    expect(Math.hypot(x1 - x0, y1 - y0)).toBeGreaterThan(0.5);
    expect(first.stdout).toMatch(/^ {2}Robin: Hello from Python\n( {2}.+\n)*Left farmyard\/meadow\.\n$/m);
    const { characters } = await watcher.call<{ characters: readonly { name: string }[] }>('zone.who');
    expect(characters.map(({ name }) => name)).toEqual(['Watcher']);

    // It comes again as who it was, and is told no in words.
    const again = await run('python3', [script, node.url, 'Robin', 'a robin sings in winter']);
    expect(again.stdout).not.toContain('now.');
    await expect(run('python3', [script, node.url, 'Robin', 'another password'])).rejects.toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/^auth\.wrong: /) },
    });
    expect(await importsOf(script)).toEqual(['json', 'sys', 'urllib.error', 'urllib.request']);
  });

  it('finds a match and plays it over the relay', async () => {
    const [ann, bob] = await Promise.all(['Ann', 'Bob'].map((name) => run('python3', [relay, node.url, name])));
    const rounds = (text = '') =>
      [...text.matchAll(/^ {2}(\w+) against (\w+):/gm)].map(([, mine, other]) => [mine, other]);
    expect(ann?.stdout).toContain('Ann plays against Bob.');
    expect(rounds(ann?.stdout)).toHaveLength(5);
    // What one has thrown is what the other has seen.
    expect(rounds(bob?.stdout)).toEqual(rounds(ann?.stdout).map(([mine, other]) => [other, mine]));
    await expect(run('python3', [relay, node.url, 'Eve', 'chess'])).rejects.toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/^match\.unknown-mode: /) },
    });
    expect(await importsOf(relay)).toEqual(['json', 'random', 'sys', 'time', 'urllib.error', 'urllib.request']);
  });
});

it('the two clients of docs/matches.md find each other, over a relay and in a zone of their own', async () => {
  const code = blockOf(matches, 'js two').replace('http://127.0.0.1:3000', node.url);
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: home });
  expect(stderr).toBe('');
  // Who comes to the zone of matches by himself is told the way.
  const answer = await fetch(new URL('/rpc/zone.enter', node.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ zone: 'castle/table' }),
  });
  expect(await answer.json()).toMatchObject({
    error: { code: 'zone.forbidden', message: expect.stringContaining('match.find leads into one') },
  });
  expect(stdout).toMatch(/^Bob hears text e4\n(castle\/table@m\w+)\n\1\n$/);
}, 60_000);
