import { describe, expect, it } from 'vitest';
import { postFile, swell, ticking, trap } from '../support/bad.ts';
import type { LogLine, TestNode } from '../support/node.ts';
import { act, startTrial } from '../support/trial.ts';

const yard = 'trial/yard';
const cave = 'trial/cave';

/** Something in the yard ticks, so that whatever ends the worker ended it there. */
const walker = `import { defineObject } from 'roost';

export default defineObject({ state: { steps: 0 }, on: { tick(self) { if (self.state.steps < 1e9) self.state.steps += 1; } } });
`;

function runs(node: TestNode, zone: string, from: number): Promise<LogLine> {
  return node.logged((line) => line.msg === 'zone runs' && line.zone === zone, from);
}

describe('a zone that ended its worker, and nobody knows by what', () => {
  it('is restored alone and carefully, the second time without scripts, until a file is saved', async () => {
    await using all = await startTrial({ game: 'devtest' }, { 'games/trial/scripts/walker.ts': walker });
    const { node, trial } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.connect();
    await hare.enter(cave, 'Hare');
    // Only the yard ticks.
    await hare.call('zone.leave');
    const left = Number(fox.objects.get(fox.character)?.state.steps ?? 0);
    await fox.until(() => Number(fox.objects.get(fox.character)?.state.steps) > left + 10);

    let from = node.logs.length;
    process.kill(Number((await runs(node, yard, 0)).worker), 'SIGABRT');
    const first = await runs(node, yard, from);
    expect(first).toMatchObject({ caution: 'careful', reason: 'recover' });
    const clock = await runs(node, 'devtest/clock', from);
    expect(clock).toMatchObject({ caution: 'none' });
    expect(clock.worker).not.toBe(first.worker);
    // The careful ticks are over: no line names a handler any more.
    const before = Number(fox.objects.get(fox.character)?.state.steps);
    await fox.until(() => Number(fox.objects.get(fox.character)?.state.steps) > before + 110);

    from = node.logs.length;
    process.kill(Number(first.worker), 'SIGABRT');
    const second = await runs(node, yard, from);
    expect(second).toMatchObject({ caution: 'safe', reason: 'recover' });
    await expect(act(fox, (await fox.one('post')).id, 'add')).rejects.toMatchObject({ code: 'object.suspended' });

    from = node.logs.length;
    await trial.write(postFile, ticking('self.state.beats = 3;').text);
    expect(await runs(node, yard, from)).toMatchObject({ caution: 'careful' });
    expect((await act(fox, (await fox.one('post')).id, 'add')).result).toBe(1);
  });
});

describe('a neighbour', () => {
  it('of a zone that ended their worker runs on with all its scripts', async () => {
    await using all = await startTrial({}, { [postFile]: trap(swell).text });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const hare = await node.join('Hare', cave);
    const stone = await hare.one('post');
    const from = node.logs.length;
    await act(fox, (await fox.one('post')).id, 'gild').catch(() => {});
    expect(await runs(node, cave, from)).toMatchObject({ caution: 'none', reason: 'recover' });
    expect((await act(hare, stone.id, 'add')).result).toBe(1);
  });
});
