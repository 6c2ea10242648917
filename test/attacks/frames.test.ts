/**
 * A zone must fit through the wire, both ways: one that does not cannot be saved, and never be loaded again. What scripts
 * may make of it is bounded so, by whatever they make it large.
 */
import { expect, it } from 'vitest';
import type { ToWorker } from '../../core/contract/link.ts';
import { encodeFrame } from '../../core/link/pipe.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { programOf, script } from '../support/isolate.ts';
import { content, emptySaved, row, startZone } from '../zone/support.ts';

const idOf = (n: number) => `0001${n.toString(16).padStart(12, '0')}`;
const letters = (length: number) => `'\\u6f22'.repeat(${length})`;

/** Runs a zone of so many whose `tick` does this, and gives the largest thing that would go through the wire, in bytes. */
function largest(count: number, code: string, more = ''): number {
  const source = script(
    `state: { n: 0, bag: {} }, timers: Object.fromEntries(names.map((name) => [name, () => {}])), messages: { hi() {} }, ${more}
    on: { tick(self, { world }) { self.state.n++; ${code} } },`,
    "const names = Array.from({ length: 64 }, (_, i) => 't' + i);",
  );
  const objects = Array.from({ length: count }, (_, i) =>
    row(idOf(i + 1), { kind: 'hen', x: i % 90, y: (i * 7) % 90, physical: false }),
  );
  const programs = [programOf({ 'scripts/hen.ts': source }, 'scripts/hen.ts')];
  const zone = startZone({
    createSandbox: (options) => createSandbox({ ...options, loadLimitMs: 50_000, tickLimitMs: 50_000 }),
    content: content({}, { width: 100, height: 100 }),
    saved: { ...emptySaved, objects },
    programs,
    tickLimitMs: 50_000,
  });
  zone.pass(1.5);
  const saved = zone.saved();
  zone.zone.dispose();
  const load: Omit<Extract<ToWorker, { type: 'load' }>, 'programs'> = {
    ...{ type: 'load', zone: 'test/yard', epoch: 4, reason: 'start', seed: 7, former: [], caution: 'none', ids: [] },
    ...{ content: content(), saved },
  };
  const sizes = [...zone.sent, load].map(
    (message) => encodeFrame(message, 2 ** 30)?.length ?? Number.POSITIVE_INFINITY,
  );
  return Math.max(...sizes);
}

const most = 16 * 1024 * 1024;

it.each([
  [
    'timers',
    150,
    `for (let i = 0; i < 4; i++) self.after(1e6, names[(self.state.n * 4 + i) % 64], ${letters(1_300)});`,
  ],
  ['state of control characters', 900, "self.state.bag = { text: '\\u0001'.repeat(2_600) };"],
  [
    'words, names and looks',
    5_000,
    `if (self.state.n < 34) { self.words.add(self.state.n + ${letters(29)}); self.name = ${letters(64)}; self.look = { shape: 'circle', label: ${letters(100)}, sprite: ${letters(190)} }; }`,
  ],
  ['messages', 400, `for (let i = 0; i < 20; i++) self.send(self, 'hi', ${letters(1_300)});`],
  ['effects', 400, `for (let i = 0; i < 10; i++) self.effect('puff', ${letters(1_300)});`],
])('%s', { timeout: 120_000 }, (_, count, code) => {
  expect(largest(count, code)).toBeLessThan(most);
});
