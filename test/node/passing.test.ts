/** On the way between two zones, and what else may happen just then. */
import { describe, expect, it } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { act, startTrial, trialFiles } from '../support/trial.ts';

const yard = 'trial/yard';
const cave = 'trial/cave';

const isState = (state: string) => (data: { state: string }) => data.state === state;

/** Sends the client's character through, and resolves when it is on its way. */
async function setOut(client: TestClient): Promise<void> {
  const moving = client.next('zone', isState('moving'));
  await act(client, client.character, 'go', { zone: cave });
  await moving;
}

const walker = trialFiles['games/trial/scripts/walker.ts'] as string;

describe('a player on the way to another zone', () => {
  it('ZON-22 who asks to be elsewhere is there alone, and not where the way led', async () => {
    await using all = await startTrial();
    const { node } = all;
    const [fox, hare, owl] = [
      await node.join('Fox', yard),
      await node.join('Hare', yard),
      await node.join('Owl', cave),
    ];
    await setOut(fox);
    const { character } = await fox.enter(yard, 'Fox');
    // The way was gone to its end first.
    expect(fox.messages).toContainEqual({ event: 'zone', data: { zone: cave, state: 'entering' } });
    const selves = (client: TestClient) => client.all('walker').flatMap(({ id, name }) => (name === 'Fox' ? id : []));
    await hare.until(() => selves(hare).join() === character);
    await owl.until(() => selves(owl).length === 0);
    expect((await act(fox, character, 'where')).result).toEqual({ zone: yard, coins: [] });
  });

  it('ZON-22 whose connection breaks and comes back goes on with the same character and what it carries', async () => {
    await using all = await startTrial();
    const { node } = all;
    const fox = await node.join('Fox', yard);
    const coin = (await act(fox, fox.character, 'coin')).result;
    await setOut(fox);
    const back = await node.connect({ resume: fox.resume });
    await back.until(() => back.zone === cave && back.objects.has(fox.character));
    expect((await act(back, fox.character, 'where')).result).toEqual({ zone: cave, coins: [coin] });
    await expect(back.call('zone.who')).resolves.toMatchObject({ characters: [{ id: fox.character }] });
  });

  it('ZON-07 is not taken for gone when the worker of the other zone dies later', async () => {
    const listening = walker
      .replace('steps: 0', 'steps: 0, lost: 0')
      .replace(
        '  methods:',
        '  on: { owner(self, { connected }) { if (!connected) self.state.lost += 1; } },\n  methods:',
      );
    await using all = await startTrial({}, { 'games/trial/scripts/walker.ts': listening });
    const { node } = all;
    const fox = await node.join('Fox', yard);
    await setOut(fox);
    await fox.until(() => fox.zone === cave && fox.objects.has(fox.character));
    // Its answer comes after the commit of all that was before.
    await act(fox, fox.character, 'coin');
    const back = fox.next('snapshot');
    process.kill((await node.workerPids())[0] as number, 'SIGKILL');
    await back;
    await act(fox, fox.character, 'where');
    expect(fox.objects.get(fox.character)?.state.lost ?? 0).toBe(0);
  });
});

it('a thing that a player owns goes to another zone without them', async () => {
  const pet = `import { defineObject } from 'roost';

export default defineObject({
  methods: {
    off: {
      allow: 'view',
      handle(self, { world }) {
        world.goto(self, 'cave', 'spawn');
      },
    },
  },
});
`;
  const keeper = walker.replace(
    '  methods: {',
    `  methods: {
    pet: { handle(self, { world }) { return world.spawn('pet', { at: self, owner: self }).id; } },`,
  );
  const files = { 'games/trial/scripts/pet.ts': pet, 'games/trial/scripts/walker.ts': keeper };
  await using all = await startTrial({}, files);
  const { node } = all;
  const [fox, owl] = [await node.join('Fox', yard), await node.join('Owl', cave)];
  const id = String((await act(fox, fox.character, 'pet')).result);
  await fox.until(() => fox.objects.has(id));
  await act(fox, id, 'off');
  await owl.until(() => owl.objects.has(id));
  expect((await act(fox, fox.character, 'where')).result).toMatchObject({ zone: yard });
  expect(fox.messages.some(({ data }) => (data as { state?: string }).state === 'moving')).toBe(false);
});
