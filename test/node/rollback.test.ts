import { describe, expect, it } from 'vitest';
import type { Swap } from '../../core/contract/ports.ts';
import { fail, postFile, ticking, trap, watched } from '../support/bad.ts';
import { act, startTrial, trialFiles } from '../support/trial.ts';

const yard = 'trial/yard';
const cave = 'trial/cave';

/** Whether the post that runs counts by ten. */
const byTen = (trialFiles[postFile] as string).replace('count += 1', 'count += 10');
const bad = trap(fail).text.replace('count += 1', 'count += 10');

describe('a build on probation', () => {
  it('that throws by itself goes back in every zone, says why, and is not used by the next start', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.join('Hare', cave);
    await fox.call('host.watch');
    const post = await fox.one('post');
    const stone = await hare.one('post');
    await node.logged((line) => line.msg === 'script passed its probation' && line.path === postFile);

    await trial.write(postFile, bad);
    for (const zone of [yard, cave])
      await node.logged((line) => line.msg === 'scripts taken over' && line.zone === zone);
    expect((await act(hare, stone.id, 'add')).result).toBe(10);
    const told = watched(fox, 'back');
    // It is told to go back, or goes back by itself where it runs in the same worker.
    const ways = ['scripts taken over', 'the build before runs again'];
    const both = node.logged((line) => ways.includes(String(line.msg)) && line.zone === cave, node.logs.length);
    await act(fox, post.id, 'gild').catch(() => {});
    const back = await told;
    expect(back).toMatchObject({ path: postFile, object: post.id, handler: 'tick', line: trap(fail).line });
    expect(back.former).toMatch(/^[0-9a-f]{12}$/);
    await both;
    expect((await act(hare, stone.id, 'add')).result).toBe(11);
    const { reloads } = await fox.call<{ reloads: Swap[] }>('host.reloads', { path: postFile, limit: 1 });
    expect(reloads).toMatchObject([{ outcome: 'back', former: back.former, build: back.build, place: yard }]);

    await node.restart();
    const again = await node.join('Hare', cave);
    expect((await act(again, stone.id, 'add')).result).toBe(12);
  });

  it('that goes well is the good one: it runs when its file is broken or gone at the next start', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await trial.write(postFile, byTen);
    await node.logged((line) => line.msg === 'scripts taken over');
    await node.logged((line) => line.msg === 'script passed its probation' && line.path === postFile);
    expect((await act(fox, post.id, 'add')).result).toBe(10);

    await node.kill('SIGKILL');
    await trial.write(postFile, 'export default 1 +;');
    await node.start();
    let hare = await node.join('Hare', yard);
    expect((await act(hare, post.id, 'add')).result).toBe(20);

    await node.kill('SIGKILL');
    await trial.remove(postFile);
    await node.start();
    hare = await node.join('Hare', yard);
    expect((await act(hare, post.id, 'add')).result).toBe(30);
    expect(node.logs.some(({ file, what }) => file === postFile && what === 'not loaded')).toBe(true);

    // Gone on purpose.
    await hare.call('host.lift', { path: postFile });
    await expect(act(hare, post.id, 'add')).rejects.toMatchObject({ code: 'object.unknown-method' });
  });

  it('that a former one of the same file interrupts is on record as replaced', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await trial.write(postFile, ticking('self.state.beats = 1;').text);
    await fox.until(() => [...fox.objects.values()].some(({ state }) => state.beats === 1));
    await trial.write(postFile, ticking('self.state.beats = 2;').text);
    await fox.until(() => [...fox.objects.values()].some(({ state }) => state.beats === 2));
    const build = node.logs.findLast((line) => line.msg === 'script compiled')?.build;
    await node.logged((line) => line.msg === 'script passed its probation' && line.build === build);
    const { reloads } = await fox.call<{ reloads: Swap[] }>('host.reloads', { path: postFile });
    expect(reloads.map(({ outcome }) => outcome)).toEqual(['passed', 'replaced']);
  });

  it('whose migration is not proven yet makes a durable call once, whatever happens meanwhile', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    const { resume } = fox;
    await node.logged((line) => line.msg === 'script passed its probation' && line.path === postFile);
    const text = trialFiles[postFile] as string;
    await trial.write(postFile, text.replace('defineObject({', 'defineObject({ version: 2, migrate: (old) => old,'));
    await node.logged((line) => line.msg === 'scripts taken over' && line.zone === yard);
    const lost = act(fox, post.id, 'add', {}, { once: 'mine' }).catch((error: unknown) => error);
    // It is with the zone: this one came after it, and is answered.
    await act(fox, fox.character, 'where');
    await node.kill('SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    await node.start();
    const again = await node.connect({ resume });
    await again.enter(yard, 'Fox');
    expect((await act(again, post.id, 'add', {}, { once: 'mine' })).result).toBe(1);
    expect((await act(again, post.id, 'add', {}, { once: 'mine' })).result).toBe(1);
    expect((await act(again, post.id, 'add', {}, { once: 'other' })).result).toBe(2);
  });
});
