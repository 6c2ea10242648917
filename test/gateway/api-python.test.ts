/** examples/walk.py, a client in another language that was written from docs/http.md, against a real node. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startTestNode } from '../support/node.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../../examples/walk.py');

it('CLI-04 a script in Python, with nothing but its standard library, plays by the documented HTTP interface', async () => {
  await using node = await startTestNode({ game: 'farmyard' });
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
  const imports = [...readFileSync(script, 'utf8').matchAll(/^import ([\w.]+)/gm)].map(([, name]) => name);
  expect(imports).toEqual(['json', 'sys', 'urllib.error', 'urllib.request']);
}, 60_000);
