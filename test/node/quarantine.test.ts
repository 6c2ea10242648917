import { describe, expect, it } from 'vitest';
import type { Quarantined } from '../../core/contract/ports.ts';
import { fail, hang, postFile, swell, ticking, trap, watched } from '../support/bad.ts';
import { act, startTrial } from '../support/trial.ts';

const yard = 'trial/yard';
const cave = 'trial/cave';

describe('a script', () => {
  it.each([
    ['throws', fail],
    ['loops', hang],
    ['uses too much memory', swell],
  ])('OBJ-13 that %s is stopped and reported; other scripts, other zones and the server keep running', async (_, body) => {
    const { text, line } = trap(body);
    await using all = await startTrial({}, { [postFile]: text });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.join('Hare', cave);
    await fox.call('host.watch');
    const post = await fox.one('post');
    const stone = await hare.one('post');
    const told = watched(fox, 'error', ({ handler }) => handler === 'tick');
    // Whether the call that set it off still happened is not said here.
    await act(fox, post.id, 'gild').catch(() => {});
    expect(await told).toMatchObject({ path: postFile, line, object: post.id, zone: yard });
    expect((await told).build).toMatch(/^[0-9a-f]{12}$/);
    expect((await act(fox, fox.character, 'where')).result).toMatchObject({ zone: yard });
    expect((await act(hare, stone.id, 'add')).result).toBe(1);
    expect(fox.socket.connected && hare.socket.connected).toBe(true);
  });

  it('that ended its worker rests in that zone, also after kill -9, until a new build lifts it', async () => {
    await using all = await startTrial({}, { [postFile]: trap(swell).text });
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const post = await fox.one('post');
    const recovered = watched(fox, 'recovered', ({ zone }) => zone === yard);
    await act(fox, post.id, 'gild').catch(() => {});
    expect(await recovered).toMatchObject({ zone: yard, ms: expect.any(Number) });
    await expect(act(fox, post.id, 'add')).rejects.toMatchObject({ code: 'object.suspended' });
    const { quarantined } = await fox.call<{ quarantined: Quarantined[] }>('host.reloads');
    expect(quarantined).toMatchObject([
      { zone: yard, path: postFile, script: 'post', object: post.id, handler: 'tick' },
    ]);
    expect(await fox.call('object.inspect', { id: post.id })).toMatchObject({
      script: { resting: expect.stringContaining('tick'), words: expect.stringContaining('its script rests') },
    });

    await node.restart();
    const from = node.logs.length;
    const hare = await node.join('Hare', yard);
    await expect(act(hare, post.id, 'add')).rejects.toMatchObject({ code: 'object.suspended' });
    // The other zone has the same build, which did nothing wrong there.
    const badger = await node.join('Badger', cave);
    expect((await act(badger, (await badger.one('post')).id, 'add')).result).toBe(1);
    expect(node.logs.slice(from).some(({ msg }) => msg === 'worker gone')).toBe(false);

    await trial.write(postFile, ticking('self.state.beats = 3;').text);
    await hare.until(() => hare.objects.get(post.id)?.state.beats === 3);
    expect((await act(hare, post.id, 'add')).result).toBe(1);
  });

  it('that ended workers in two zones runs in none any more', async () => {
    await using all = await startTrial({}, { [postFile]: trap(swell).text });
    const { node } = all;
    for (const [name, zone] of [
      ['Fox', yard],
      ['Hare', cave],
    ] as const) {
      const player = await node.join(name, zone);
      const quarantined = node.logged((line) => line.msg === 'script quarantined' && line.zone === zone);
      await act(player, (await player.one('post')).id, 'gild').catch(() => {});
      await quarantined;
    }
    const fox = await node.connect();
    const { quarantined } = await fox.call<{ quarantined: Quarantined[] }>('host.reloads');
    expect(quarantined.map(({ zone }) => zone).sort()).toEqual(['*', cave, yard]);
  });

  it('gives way to the last good build when there is one', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const post = await fox.one('post');
    await node.logged((line) => line.msg === 'script passed its probation' && line.path === postFile);
    await trial.write(postFile, trap(hang, 'self.state.beats = 5;').text);
    await fox.until(() => fox.objects.get(post.id)?.state.beats === 5);
    const build = (await node.logged((line) => line.msg === 'script compiled')).build;
    await node.logged((line) => line.msg === 'script passed its probation' && line.build === build);
    const told = watched(fox, 'quarantine');
    await act(fox, post.id, 'gild').catch(() => {});
    expect(await told).toMatchObject({ path: postFile, build, handler: 'tick', former: expect.any(String) });
    await node.logged((line) => line.msg === 'scripts taken over', node.logs.length - 1);
    expect((await act(fox, post.id, 'add')).result).toBe(1);
  });
});
