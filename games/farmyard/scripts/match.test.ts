import { simulate } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const areas = { 'kick-off': { x: 12, y: 10 } };

describe('a goal', () => {
  it('counts for the other team, once, and puts the ball back', async () => {
    using yard = await simulate('games/farmyard/scripts/goal.ts', { width: 24, kinds: ['ball', 'scoreboard'], areas });
    yard.place('goal', { x: 20, y: 10, state: { team: 'red' } });
    const board = yard.place('scoreboard', { x: 12, y: 2 });
    const ball = yard.place('ball', { x: 16, y: 10 });
    yard.call(yard.join('Ann', { x: 15, y: 10 }), ball, 'kick');
    yard.until(() => board.state.blue === 1, { seconds: 5 });
    yard.seconds(3);
    expect(board.state).toEqual({ red: 0, blue: 1 });
    expect(ball).toMatchObject({ x: 12, y: 10 });
    expect(yard.emitted).toMatchObject([{ name: 'goal', data: { team: 'blue', won: false } }]);
  });

  it('is for balls only', async () => {
    using yard = await simulate('games/farmyard/scripts/goal.ts', { kinds: ['crate', 'scoreboard'] });
    yard.place('goal', { x: 10, y: 10 });
    yard.place('scoreboard', { x: 12, y: 2 });
    yard.place('crate', { x: 10, y: 10 });
    yard.seconds(1);
    expect(yard.messages).toEqual([]);
  });
});

describe('the scoreboard', () => {
  it('lets the first with five goals win, and starts again', async () => {
    using yard = await simulate('games/farmyard/scripts/scoreboard.ts');
    const board = yard.place('scoreboard', { x: 10, y: 10 });
    for (let n = 0; n < 5; n++) yard.send(board, 'goal', { team: 'red', x: 1, y: 1 });
    expect(board.state).toEqual({ red: 5, blue: 0 });
    expect(yard.emitted.map(({ data }) => (data as { won: boolean }).won)).toEqual([false, false, false, false, true]);
    yard.seconds(6);
    expect(board.state).toEqual({ red: 0, blue: 0 });
    expect(yard.activate(yard.join('Ann', { x: 10, y: 11 }), board)).toBe('Red 0, blue 0. The first with 5 wins.');
  });
});

describe('the meadow', () => {
  it('has days and nights, as long as the game says', async () => {
    using yard = await simulate('games/farmyard/zones/meadow.ts', { settings: { dayMinutes: 1, nightMinutes: 0.5 } });
    expect(yard.world).toMatchObject({ hour: 8, night: false });
    yard.until(() => yard.world.night, { seconds: 60 });
    const dusk = yard.time;
    yard.until(() => !yard.world.night, { seconds: 40 });
    expect(yard.time - dusk).toBeCloseTo(30, -1);
  });

  it('runs as a whole, with its map and everybody in it, and nothing fails', async () => {
    using yard = await simulate({ game: 'farmyard', zone: 'meadow' });
    expect(yard.find('chicken').length).toBeGreaterThan(3);
    const ann = yard.join('Ann');
    yard.input(ann, { x: 1, y: 0 });
    yard.seconds(20);
    expect(yard.said.length).toBeGreaterThan(0);
    expect(yard.errors).toEqual([]);
  });
});
