import { type Simulation, simulate, type Thing } from 'roost/testing';
import { describe, expect, it } from 'vitest';

const den = { x: 40, y: 30 };

/** A wide field at night with a fox that is up, and a hen that it sees. */
async function openNight(): Promise<{ yard: Simulation; fox: Thing; hen: Thing }> {
  const yard = await simulate('games/farmyard/scripts/fox.ts', {
    width: 60,
    height: 60,
    kinds: ['chicken'],
    areas: { den },
    world: { night: true },
  });
  const hen = yard.place('chicken', { x: 30, y: 30 });
  return { yard, hen, fox: yard.place('fox', { x: 33, y: 30 }) };
}

describe('the fox', () => {
  it('sleeps by day, whoever comes by', async () => {
    using yard = await simulate('games/farmyard/scripts/fox.ts', { kinds: ['chicken'], world: { night: false } });
    const fox = yard.place('fox', { x: 10, y: 10 });
    yard.place('chicken', { x: 15, y: 15 });
    yard.join('Ann', { x: 10, y: 12 });
    yard.seconds(5);
    expect(fox.state.asleep).toBe(true);
    expect(fox.distance({ x: 10, y: 10 })).toBeLessThan(0.5);
  });

  it('hunts a hen at night and carries her home', async () => {
    const { yard, fox, hen } = await openNight();
    using _ = yard;
    yard.until(() => hen.holder === fox, { seconds: 60 });
    yard.until(() => fox.state.asleep, { seconds: 60 });
    expect(fox.distance(den)).toBeLessThan(1);
    expect(fox.secret.fed).toBe(true);
    expect(hen.holder).toBeNull();
  });

  it('drops what it carries when somebody comes near', async () => {
    const { yard, fox, hen } = await openNight();
    using _ = yard;
    yard.until(() => hen.holder === fox, { seconds: 60 });
    yard.join('Ann', { x: fox.x + 1, y: fox.y });
    yard.seconds(0.5);
    expect(hen.holder).toBeNull();
    expect(yard.effects.some(({ of, name }) => of === fox && name === 'yip')).toBe(true);
  });

  it('runs from who claps, for four seconds', async () => {
    const { yard, fox, hen } = await openNight();
    using _ = yard;
    yard.until(() => hen.holder === fox, { seconds: 60 });
    const ann = yard.join('Ann', { x: fox.x + 8, y: fox.y });
    yard.call(ann, ann, 'gesture', { name: 'clap' });
    yard.seconds(0.5);
    expect(hen.holder).toBeNull();
    expect(fox.secret.scaredOf).toBe(ann.id);
    yard.seconds(4);
    expect(fox.secret.scaredOf).toBeNull();
  });

  it('goes home hungry when morning comes, and may hunt again the next night', async () => {
    const { yard, fox } = await openNight();
    using _ = yard;
    yard.seconds(1);
    expect(fox.state.asleep).toBe(false);
    yard.restart({ world: { night: false } });
    yard.until(() => fox.state.asleep, { seconds: 30 });
    expect(fox.secret.fed).toBe(false);
  });
});
