import { type SimulateOptions, type Simulation, simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';
import { makeRoot, script } from './root.ts';

/** Simulates a kind `toad` with this body, out of a folder of its own. */
async function toadYard(
  body: string,
  options: SimulateOptions = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Simulation & { write(path: string, text: string): Promise<void> }> {
  const root = await makeRoot({ 'scripts/toad.ts': script(body), ...files });
  const yard = await simulate('scripts/toad.ts', { roots: [root.folder], ...options });
  return Object.assign(yard, {
    write: root.write,
    async [Symbol.asyncDispose]() {
      yard[Symbol.dispose]();
      await root[Symbol.asyncDispose]();
    },
  });
}

describe('a simulation', () => {
  it('puts things exactly there, made and loaded, with what they keep', async () => {
    await using yard = await toadYard(`body: { shape: 'circle', radius: 0.3 },
      state: { mood: 'calm', bornAt: 0 }, own: { pin: 1 }, secret: { gold: 3 },
      on: { create(self, { world }) { self.state.bornAt = self.x; self.every(5, 'croak'); } },
      timers: { croak: (self) => self.say('Croak.') },`);
    const toads = [yard.place('toad', { x: 5, y: 5 }), yard.place('toad', { x: 5.1, y: 5, state: { mood: 'wet' } })];
    expect(toads.map(({ state }) => state)).toEqual([
      { mood: 'calm', bornAt: 5 },
      { mood: 'wet', bornAt: 5.1 },
    ]);
    expect(toads[0]).toMatchObject({ kind: 'toad', own: { pin: 1 }, secret: { gold: 3 }, here: true });
    expect(toads[1]?.timers).toEqual({ croak: { in: 5, every: 5, data: null } });
    yard.seconds(5);
    expect(yard.said).toMatchObject([
      { from: toads[0], text: 'Croak.' },
      { from: toads[1], text: 'Croak.' },
    ]);
    expect(() => yard.place('toad', { x: 50, y: 5 })).toThrow('outside of the zone, which is 20 by 20');
  });

  it('is the same run for the same seed, and another for another', async () => {
    const body =
      "speed: 2, on: { create: (self) => self.every(1, 'hop'), tick: (self) => self.wander() }, timers: { hop(self, { world }) { self.push(world.random(-1, 1), 1); } }, body: { shape: 'circle', radius: 0.3 },";
    const run = async (seed: number) => {
      await using yard = await toadYard(body, { seed });
      for (let n = 0; n < 5; n++) yard.place('toad', { x: 5 + n, y: 10 });
      yard.join('Ann', { x: 10, y: 5 });
      yard.seconds(20);
      return yard.hash();
    };
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('answers calls as a client would be answered', async () => {
    await using yard = await toadYard(`body: { shape: 'circle', radius: 0.3 },
      methods: {
        lick: { reach: 1, params: { times: 'integer' }, handle: (self, { by, params }) => by.name + params.times },
        hide: { allow: 'view', handle(self) { self.words.add('hidden'); } },
        keep: { allow: 'owner', handle: () => 'mine' },
      },`);
    const [ann, bob] = [yard.join('Ann', { x: 10, y: 10 }), yard.join('Bob', { x: 15, y: 10 })];
    const toad = yard.place('toad', { x: 11, y: 10, owner: ann });
    expect(yard.call(ann, toad, 'lick', { times: 2 })).toBe('Ann2');
    expect(yard.call(ann, toad, 'keep')).toBe('mine');
    for (const [work, code] of [
      [() => yard.call(bob, toad, 'lick', { times: 2 }), 'object.too-far'],
      [() => yard.call(bob, toad, 'keep'), 'object.forbidden'],
      [() => yard.call(ann, toad, 'lick', { times: 0.5 }), 'object.bad-params'],
      [() => yard.call(ann, toad, 'sing'), 'object.unknown-method'],
    ] as const) {
      expect(work).toThrow(expect.objectContaining({ name: 'Refused', code, message: expect.stringContaining(code) }));
    }
    yard.call(ann, toad, 'hide');
    expect(() => yard.call(bob, toad, 'hide')).toThrow('object.not-found');
  });

  it('fails the test at the line of the script that fails, and says who called', async () => {
    await using yard = await toadYard(`state: { n: 0 },
      on: { tick(self) { if (self.state.n > 0) throw new Error('too much'); } },
      methods: { poke: { allow: 'view', handle(self) {
        self.state.n = 1;
        throw new TypeError('ouch');
      } }, add: { allow: 'view', handle(self) { self.state.n++; } } },`);
    const toad = yard.place('toad');
    const ann = yard.join('Ann');
    expect(() => yard.call(ann, toad, 'poke')).toThrow(
      expect.objectContaining({
        name: 'ScriptError',
        file: 'scripts/toad.ts',
        line: 8,
        message: expect.stringContaining('ouch'),
      }),
    );
    expect(toad.state.n).toBe(0);
    let thrown: Error | undefined;
    try {
      yard.call(ann, toad, 'add');
    } catch (error) {
      thrown = error as Error;
    }
    expect(thrown?.message).toMatch(/^scripts\/toad\.ts:5:\d+ in toad tick: Error: too much$/);
    expect(thrown?.stack?.split('\n')[1]).toMatch(/^ {4}at tick \(\/.*\/scripts\/toad\.ts:5:\d+\)$/);
    expect(thrown?.stack).not.toContain('core/testing');
  });

  it('goes on when errors are collected: the script is suspended like any other', async () => {
    await using yard = await toadYard(
      "on: { tick() { throw new Error('no'); } }, methods: { poke: { allow: 'view', handle() {} } },",
      { errors: 'collect' },
    );
    const toad = yard.place('toad');
    const ann = yard.join('Ann');
    yard.seconds(1);
    expect(yard.errors.map(({ what }) => what)).toEqual(['throw', 'suspended']);
    expect(toad.is('suspended')).toBe(true);
    expect(() => yard.call(ann, toad, 'poke')).toThrow('object.suspended');
    yard.clear();
    expect(yard.errors).toEqual([]);
  });

  it('stops a script that never ends, and names it', async () => {
    await using yard = await toadYard("methods: { loop: { allow: 'view', handle() { for (;;); } } },", {
      tickLimitMs: 50,
      errors: 'collect',
    });
    const toad = yard.place('toad');
    expect(() => yard.call(yard.join('Ann'), toad, 'loop')).toThrow(/object\.(failed|suspended)/);
    expect(yard.errors[0]).toMatchObject({ what: 'stopped', script: 'toad', handler: 'methods.loop', object: toad.id });
  });

  it('hears what players are told and asked, and what objects send each other', async () => {
    await using yard = await toadYard(
      `on: { activate(self, { by }) { self.tell(by, 'Psst.'); self.ask(by, 'deal', 'Deal?', ['Yes', 'No']); } },
       answers: { deal(self, { by, choice, world }) { for (const fly of world.find('fly')) self.send(fly, 'eat', { choice }); return choice; } },`,
      { kinds: [{ kind: 'fly', look: '🪰' }] },
    );
    const [toad, fly] = [yard.place('toad', { x: 10, y: 10 }), yard.place('fly')];
    const [ann, bob] = [yard.join('Ann', { x: 11, y: 10 }), yard.join('Bob')];
    expect(yard.activate(ann, toad)).toBeNull();
    expect(yard.told(ann)).toMatchObject([{ from: toad, text: 'Psst.' }]);
    expect(yard.asked(ann)).toMatchObject([{ from: toad, name: 'deal', choices: ['Yes', 'No'] }]);
    expect([yard.told(bob), yard.asked(bob)]).toEqual([[], []]);
    expect(yard.answer(ann, toad, 'deal', 'Yes')).toBe('Yes');
    expect(yard.messages).toMatchObject([{ from: toad, to: fly, name: 'eat', data: { choice: 'Yes' } }]);
  });

  it('migrates what an older version left, and keeps state over a new build', async () => {
    await using yard = await toadYard(
      'version: 2, state: { flies: 0 }, migrate: ({ state }) => ({ state: { flies: Number(state.bugs) } }),',
    );
    const toad = yard.place('toad', { version: 1, state: { bugs: 3 } });
    expect(toad.state).toEqual({ flies: 3 });
    yard.reload(script('version: 2, state: { flies: 0, warts: 7 },'));
    expect(toad.state).toEqual({ flies: 3, warts: 7 });
    expect(() => yard.reload('export default 1 +;')).toThrow(expect.objectContaining({ name: 'ScriptError', line: 1 }));
    expect(() => yard.reload(script('version: 1.5,'))).toThrow('version is a whole number');
    yard.seconds(1);
    expect(toad.state).toEqual({ flies: 3, warts: 7 });
  });

  it('reads files again, helpers among them', async () => {
    const body = (line: string) =>
      `import { defineObject } from 'roost';\nimport { line } from './lib/line.ts';\nexport default defineObject({ on: { activate: () => line + '${line}' } });\n`;
    await using yard = await toadYard(
      '',
      {},
      { 'scripts/toad.ts': body('!'), 'scripts/lib/line.ts': "export const line = 'one';" },
    );
    const [toad, ann] = [yard.place('toad'), yard.join('Ann')];
    expect(yard.activate(ann, toad)).toBe('one!');
    await yard.write('scripts/lib/line.ts', "export const line = 'two';");
    yard.reload();
    expect(yard.activate(ann, toad)).toBe('two!');
  });

  it('tells what handlers cost', async () => {
    await using yard = await toadYard('on: { tick(self) { for (let i = 0; i < 1e4; i++) self.is("x"); } },');
    yard.place('toad');
    yard.tick(10);
    const costs = yard.costs();
    expect(costs.handlers['toad tick']?.calls).toBe(11);
    expect(costs.kinds.toad?.ms).toBeGreaterThan(0);
    expect(costs.cpuMs).toBeGreaterThan(0);
  });

  it('says what to do about a kind, a file or a game that is not there', async () => {
    await using yard = await toadYard('');
    expect(() => yard.place('newt')).toThrow("kinds: ['newt']");
    await expect(toadYard('', { kinds: ['newt'] })).rejects.toThrow('There is no kind newt');
    await expect(simulate('scripts/newt.ts')).rejects.toThrow('There is no file scripts/newt.ts');
    await expect(simulate({ game: 'marsh', zone: 'pond' })).rejects.toThrow('There is no game marsh');
    await expect(simulate({ game: 'farmyard', zone: 'pond' })).rejects.toThrow('it has meadow, barn');
    await expect(toadYard('state: { n: [1, }')).rejects.toThrow(
      expect.objectContaining({ name: 'ScriptError', file: 'scripts/toad.ts', line: 4 }),
    );
  });
});
