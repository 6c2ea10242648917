import { describe, expect, it } from 'vitest';
import type { Swap } from '../../core/contract/ports.ts';
import { fail, hang, postFile, swell, ticking, watched } from '../support/bad.ts';
import { act, startTrial, trialFiles } from '../support/trial.ts';

const yard = 'trial/yard';
const walkerFile = 'games/trial/scripts/walker.ts';

describe('a saved build', () => {
  it('that throws, hangs or swells in its first ticks is refused by name, and no zone ever has it', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const post = await fox.one('post');
    for (const [body, count] of [
      [fail, 1],
      [hang, 2],
      [swell, 3],
    ] as const) {
      const { text, line } = ticking(body);
      const told = watched(fox, 'quarantine');
      await trial.write(postFile, text);
      expect(await told).toMatchObject({ path: postFile, line, object: post.id, handler: 'tick', zone: yard });
      expect((await act(fox, post.id, 'add')).result).toBe(count);
      fox.messages.length = 0;
    }
    const { reloads } = await fox.call<{ reloads: Swap[] }>('host.reloads', { path: postFile });
    expect(reloads.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(reloads[0]).toMatchObject({ place: yard, handler: 'tick', object: post.id, by: 'file' });
    // Nobody has seen anything of it.
    expect(node.logs.some(({ msg }) => msg === 'zone lost its worker' || msg === 'scripts taken over')).toBe(false);
  });

  it('that costs many times what the one before does is refused by its handler', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const { text, line } = ticking('let sum = 0; for (let n = 0; n < 2e7; n++) sum += n % 7; self.state.beats = sum;');
    const told = watched(fox, 'quarantine');
    await trial.write(postFile, text);
    const { message, ...where } = await told;
    expect(where).toMatchObject({ path: postFile, line, handler: 'tick', zone: yard });
    expect(message).toMatch(/^tick: post spends [\d.]+ ms a tick here, more than ten times the [\d.]+ ms/);
    expect((await act(fox, (await fox.one('post')).id, 'add')).result).toBe(1);
    expect(node.logs.some(({ msg }) => msg === 'scripts taken over')).toBe(false);
  });

  it('that was refused is refused again when it is saved again, with the same words', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const { text, line } = ticking(fail);
    const good = trialFiles[postFile] as string;
    const first = watched(fox, 'quarantine');
    await trial.write(postFile, text);
    const { message } = await first;
    const compiled = node.logged(({ msg, path }) => msg === 'script compiled' && path === postFile, node.logs.length);
    await trial.write(postFile, good);
    await compiled;
    fox.messages.length = 0;
    const second = watched(fox, 'quarantine');
    await trial.write(postFile, text);
    expect(await second).toMatchObject({ path: postFile, line, handler: 'tick', message });
    const { reloads } = await fox.call<{ reloads: Swap[] }>('host.reloads', { path: postFile });
    expect(reloads[0]).toMatchObject({ outcome: 'refused', why: message });
  });

  it('is tried with the others that are saved together, and refused alone', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const told = watched(fox, 'quarantine');
    const walker = (trialFiles[walkerFile] as string).replace('zone: world.zone', "zone: 'new ' + world.zone");
    await Promise.all([trial.write(postFile, ticking(fail).text), trial.write(walkerFile, walker)]);
    expect(await told).toMatchObject({ path: postFile });
    await node.logged((line) => line.msg === 'scripts taken over' && line.zone === yard);
    expect((await act(fox, fox.character, 'where')).result).toMatchObject({ zone: `new ${yard}` });
    expect((await act(fox, (await fox.one('post')).id, 'add')).result).toBe(1);
  });

  it('of a file that has ended three workers is held until a person lifts it', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await fox.call('host.watch');
    const post = await fox.one('post');
    for (const spaces of [' ', '  ', '   ']) {
      const refused = node.logged((line) => line.msg === 'script refused', node.logs.length);
      await trial.write(postFile, ticking(swell).text + spaces);
      await refused;
    }
    expect(await watched(fox, 'quarantine', ({ message }) => message.includes('held'))).toMatchObject({
      path: postFile,
    });

    const good = ticking('self.state.beats = 7;').text;
    const held = node.logged((line) => line.msg === 'script held', node.logs.length);
    await trial.write(postFile, good);
    await held;
    expect((await act(fox, post.id, 'add')).result).toBe(1);
    const { held: files } = await fox.call<{ held: object[] }>('host.reloads');
    expect(files).toMatchObject([{ path: postFile, why: 'it ended 3 workers within ten minutes' }]);

    await fox.call('host.lift', { path: postFile });
    await fox.until(() => fox.objects.get(post.id)?.state.beats === 7);
    await expect(fox.call('host.lift', { path: postFile })).rejects.toMatchObject({ code: 'script.unknown' });
  });
});
