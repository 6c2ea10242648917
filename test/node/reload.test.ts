import { describe, expect, it } from 'vitest';
import { act, startTrial, trialFiles } from '../support/trial.ts';

const yard = 'trial/yard';
const coinFile = 'games/trial/scripts/coin.ts';
const postFile = 'games/trial/scripts/post.ts';

const withHelper = `import { defineObject } from 'roost';
import { words } from './help/words.ts';

export default defineObject({
  methods: { read: { allow: 'view', handle: () => words } },
});
`;

const words = (text: string) => `export const words = '${text}';\n`;

/** The post, answering \`add\` with something else. */
function postThatAnswers(expression: string): string {
  return (trialFiles[postFile] as string).replace('return self.state.count;', `return ${expression};`);
}

describe('a saved file', () => {
  it('changes what runs, state and sessions stay; a broken one changes nothing and is reported with its place', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await act(fox, post.id, 'add');
    const taken = (from: number) =>
      node.logged((line) => line.msg === 'scripts taken over' && line.zone === yard, from);

    let from = node.logs.length;
    await trial.write(postFile, postThatAnswers("'now ' + self.state.count"));
    await taken(from);
    expect((await act(fox, post.id, 'add')).result).toBe('now 2');
    expect(fox.messages.filter(({ event }) => event === 'zone')).toHaveLength(1);

    from = node.logs.length;
    await trial.write(postFile, `${postThatAnswers('0')}\nconst broken = ;\n`);
    const line = await node.logged((one) => one.what === 'not loaded', from);
    const lines = postThatAnswers('0').split('\n').length;
    expect(line).toMatchObject({ file: postFile, line: lines + 1, column: 16 });
    expect((await act(fox, post.id, 'add')).result).toBe('now 3');

    from = node.logs.length;
    await trial.write(postFile, postThatAnswers('"mended"'));
    await taken(from);
    expect((await act(fox, post.id, 'add')).result).toBe('mended');
    expect((await fox.one('post')).state.count).toBe(4);
    expect(node.logs.slice(from).some((one) => one.msg === 'no longer broken' && one.path === postFile)).toBe(true);
  });

  it('reaches a zone that sleeps when it wakes', async () => {
    await using all = await startTrial({ env: { ROOST_SLEEP_AFTER_MS: '100' }, flags: ['--log', 'debug'] });
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    fox.close();
    await node.logged((line) => line.msg === 'zone sleeps' && line.zone === yard);
    await trial.write(postFile, postThatAnswers("'now ' + self.state.count"));
    await node.logged((line) => line.msg === 'tried');
    const back = await node.connect({ resume: fox.resume });
    await node.logged((line) => line.msg === 'scripts taken over' && line.zone === yard);
    await back.until(() => back.objects.has(post.id));
    expect((await act(back, post.id, 'add')).result).toBe('now 1');
  });

  it('that others import changes all of them', async () => {
    await using all = await startTrial(
      {},
      { [coinFile]: withHelper, 'games/trial/scripts/help/words.ts': words('one') },
    );
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    await act(fox, fox.character, 'post', { name: 'x' });
    const from = node.logs.length;
    await trial.write('games/trial/scripts/help/words.ts', words('two'));
    const line = await node.logged((one) => one.msg === 'script compiled', from);
    expect(line.path).toBe(coinFile);
    await node.logged((one) => one.msg === 'scripts taken over', from);
  });

  it('that is broken at the start makes its kind a plain thing, until it is mended', async () => {
    await using all = await startTrial({}, { [postFile]: 'export default 1 +;\n' });
    const { node, trial } = all;
    await node.logged((line) => line.what === 'not loaded' && line.file === postFile);
    const fox = await node.join('Fox', yard);
    const post = await fox.one('post');
    await expect(act(fox, post.id, 'add')).rejects.toMatchObject({ code: 'object.unknown-method' });
    const from = node.logs.length;
    await trial.write(postFile, postThatAnswers('"mended"'));
    await node.logged((line) => line.msg === 'scripts taken over', from);
    expect((await act(fox, post.id, 'add')).result).toBe('mended');
  });

  it('of a new game makes its zones open to everybody', async () => {
    await using all = await startTrial();
    const { node, trial } = all;
    const fox = await node.connect();
    await expect(fox.enter('second/room', 'Fox')).rejects.toMatchObject({ code: 'zone.unknown' });
    await trial.write('games/second/scripts/guest.ts', trialFiles['games/trial/scripts/coin.ts'] as string);
    const from = node.logs.length;
    const json = JSON.stringify({ character: 'guest', zones: { room: { width: 8, height: 8 } } });
    await trial.write('games/second/game.json', json);
    await node.logged((line) => line.msg === 'game is new' && line.game === 'second', from);
    await fox.enter('second/room', 'Fox');
    expect(fox.zone).toBe('second/room');
  });
});
