import { describe, expect, it } from 'vitest';
import type { RankedCost } from '../../core/contract/plugin.ts';
import type { Swap } from '../../core/contract/ports.ts';
import { postFile, ticking } from '../support/bad.ts';
import { startTrial } from '../support/trial.ts';

const yard = 'trial/yard';
/** Some 0.3 ms of every tick: it is ranked first, and within its budget also where the machine is busy. */
const greedy = 'let sum = 0; for (let n = 0; n < 2e5; n++) sum += n % 7; self.state.beats += sum % 2 + 1;';

describe('host.reloads', () => {
  it('tells who saved what, when, and what became of it', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const before = Date.now() / 1_000;
    await trial.write(postFile, ticking('self.state.beats = 2;').text);
    await fox.until(() => fox.all('post')[0]?.state.beats === 2);
    const { build, former } = await node.logged((line) => line.msg === 'script compiled');
    const running = await fox.call<{ reloads: Swap[] }>('host.reloads', { path: postFile });
    expect(running.reloads).toMatchObject([
      { path: postFile, build, former, by: 'file', outcome: 'running', why: null },
    ]);
    expect(running.reloads[0]?.at).toBeGreaterThan(before);

    await node.logged((line) => line.msg === 'script passed its probation' && line.build === build);
    await node.restart();
    const hare = await node.connect();
    const { reloads } = await hare.call<{ reloads: Swap[] }>('host.reloads', { limit: 1 });
    expect(reloads).toMatchObject([{ path: postFile, build, outcome: 'passed', place: yard }]);
    expect(reloads[0]?.settledAt).toBeGreaterThanOrEqual(Number(reloads[0]?.at));
  });
});

describe('host.stats and object.inspect', () => {
  it('say in plain words which kind and which object spend the time', async () => {
    await using all = await startTrial({}, { [postFile]: ticking(greedy).text });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    const find = async () => {
      const { kinds, objects } = await fox.call<{ kinds: RankedCost[]; objects: RankedCost[] }>('host.stats');
      const kind = kinds.find((one) => one.kind === 'post');
      const object = objects.find((one) => one.object === post.id);
      return kind?.words.includes('mostly') && object ? { kind, object } : null;
    };
    let found = await find();
    // Answered as often as the method may be called.
    while (!found)
      found = await fox
        .next('delta')
        .then(find, find)
        .catch(() => null);
    expect(found.kind).toMatchObject({ zone: yard, object: null, build: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(found.kind.words).toMatch(
      /^post \(build [0-9a-f]{12}\) spends [\d.]+ % of a core in trial\/yard, mostly Post/,
    );
    expect(found.object.words).toMatch(/^Post \(post\) spends [\d.]+ % of a core in trial\/yard/);
    // Its cost is an estimate from samples: between two of them it may be next to nothing.
    const inspect = () => fox.call<{ script: { words: string } }>('object.inspect', { id: post.id });
    let inspected = await inspect();
    while (!inspected.script.words.includes('of a core'))
      inspected = await fox
        .next('delta')
        .then(inspect)
        .catch(() => inspected);
    expect(inspected).toMatchObject({ script: { build: found.kind.build, resting: null } });
  });
});
