/** What the drawer does to a script's text, and what it says of what became of it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf } from '../../games/farmyard/client/drawer/change.ts';
import { type Chip, henChips } from '../../games/farmyard/client/drawer/chips.ts';
import { type Context, type News, tell } from '../../games/farmyard/client/drawer/news.ts';

const hen = readFileSync(new URL('../../scripts/chicken.ts', import.meta.url), 'utf8');
const chip = (name: string) => henChips.find((one) => one.name === name) as Chip;

describe('a chip', () => {
  it.each(henChips.map(({ name }) => name))('%s writes into the shipped hen and takes back what it wrote', (name) => {
    const { isOn, put, takeBack } = chip(name);
    expect(isOn(hen)).toBe(false);
    const changed = put(hen) ?? '';
    expect(changed).not.toBe(hen);
    expect(isOn(changed)).toBe(true);
    expect(put(changed)).toBe(changed);
    expect(takeBack(changed)).toBe(hen);
  });

  it('of all three leaves what the others wrote', () => {
    const all = henChips.reduce((text, { put }) => put(text) ?? '', hen);
    const without = chip('giant').takeBack(all);
    expect(chip('dance').isOn(without)).toBe(true);
    expect(chip('break').isOn(without)).toBe(true);
    expect(henChips.reduce((text, { takeBack }) => takeBack(text), all)).toBe(hen);
  });

  it('changes its way and does not do both', () => {
    const broken = chip('break');
    const loop = broken.put(broken.put(hen, 'throw') ?? '', 'loop') ?? '';
    expect(loop).toContain('while (true);');
    expect(loop).not.toContain('throw new Error');
  });

  it('finds no place in a script without one', () => {
    expect(henChips.map(({ put }) => put('export default {};'))).toEqual([undefined, undefined, undefined]);
  });
});

describe('a change', () => {
  const apply = (text: string, { text: put, range: [from, to] }: ReturnType<typeof changeOf>) =>
    text.slice(0, from) + put + text.slice(to);

  it('makes the one text out of the other, whatever they are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' ') });
    fc.assert(fc.property(text, text, (before, after) => apply(before, changeOf(before, after)) === after));
  });

  it('is nothing for the same text, and only what differs for another', () => {
    expect(changeOf('same', 'same')).toMatchObject({ text: '' });
    expect(changeOf('size = 1;', 'size = 3;')).toEqual({ text: '3', range: [7, 8] });
  });

  it('is whole lines where lines came or went', () => {
    const before = '  if (a) b();\n  if (c) d();\n';
    const after = '  if (a) b();\n  if (x) y();\n  if (c) d();\n';
    expect(changeOf(before, after)).toEqual({ text: '  if (x) y();\n', range: [14, 14] });
    expect(changeOf(after, before)).toEqual({ text: '', range: [14, 28] });
  });
});

describe('the line below the editor', () => {
  const context: Context = { all: 'hens', since: 0.31, build: 'bbb', running: 'aaa', here: 'farm/yard' };
  const news = (given: Partial<News>): News => ({
    what: 'reload',
    path: 'scripts/hen.ts',
    message: '',
    at: 1,
    ...given,
  });

  it('says who has a new build, and how long it took', () => {
    expect(tell(news({ build: 'bbb' }), context)).toEqual({ tone: 'busy', text: 'compiled, 0.3 s' });
    const runs = news({ build: 'bbb', zone: 'farm/yard' });
    expect(tell(runs, context)).toEqual({ tone: 'good', text: 'all hens have it, 0.3 s' });
    // Taken back to what runs: no zone has anything to change.
    expect(tell(news({ build: 'aaa' }), { ...context, build: 'aaa' })).toMatchObject({ tone: 'good' });
    // A zone that goes back after a refusal has nothing new.
    expect(tell(news({ build: 'aaa', zone: 'farm/yard' }), context)).toBeUndefined();
  });

  it('says what is wrong and where, and what runs instead', () => {
    const wrong = { line: 34, column: 7, handler: 'tick', message: 'tick: Error: Ouch', former: 'aaa' };
    expect(tell(news({ what: 'quarantine', ...wrong }), context)).toEqual({
      tone: 'bad',
      text: 'refused, all hens run the build before: line 34: tick: Error: Ouch',
      held: false,
      mark: { line: 34, column: 7, message: 'tick: Error: Ouch' },
    });
    expect(tell(news({ what: 'back', ...wrong }), context)?.text).toBe(
      'back on the build before: line 34: tick: Error: Ouch',
    );
    const held = tell(news({ what: 'quarantine', message: 'scripts/hen.ts is held: it ended 3 workers' }), context);
    expect(held).toMatchObject({ held: true, text: 'scripts/hen.ts is held: it ended 3 workers' });
  });

  it('says how long a killed worker was away', () => {
    expect(tell(news({ what: 'recovered', path: '', ms: 812 }), context)?.text).toBe(
      'worker killed, zone back in 0.8 s',
    );
  });
});
