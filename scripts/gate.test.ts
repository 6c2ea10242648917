import { type Simulation, simulate, type Thing } from 'roost/testing';
import { describe, expect, it } from 'vitest';

/** A gate in a wall across the yard, and somebody below it. */
async function open(): Promise<{ yard: Simulation; gate: Thing; ann: Thing }> {
  const walls = [0, 11].map((x) => [
    { x, y: 10 },
    { x: x + 9, y: 10 },
  ]);
  const yard = await simulate('scripts/gate.ts', { walls });
  const gate = yard.place('gate', { x: 10, y: 10 });
  return { yard, gate, ann: yard.join('Ann', { x: 10, y: 11 }) };
}

function walkUp(yard: Simulation, player: Thing): void {
  yard.input(player, { x: 0, y: -1 });
  yard.seconds(1);
  yard.input(player, { x: 0, y: 0 });
}

describe('a gate', () => {
  it('lets nobody through while it is closed', async () => {
    const { yard, ann } = await open();
    using _ = yard;
    walkUp(yard, ann);
    expect(ann.y).toBeGreaterThan(10.3);
  });

  it('opens for everybody, and closes again', async () => {
    const { yard, gate, ann } = await open();
    using _ = yard;
    yard.activate(ann, gate);
    expect(gate.state.open).toBe(true);
    expect(yard.effects).toMatchObject([{ of: gate, name: 'gate' }]);
    walkUp(yard, ann);
    expect(ann.y).toBeLessThan(9);
    yard.activate(yard.join('Bob', { x: 12, y: 11 }), gate);
    expect(gate.state.open).toBe(false);
    yard.input(ann, { x: 0, y: 1 });
    yard.seconds(2);
    expect(ann.y).toBeLessThan(9.7);
  });

  it('does not close on toes', async () => {
    const { yard, gate, ann } = await open();
    using _ = yard;
    yard.activate(ann, gate);
    const bob = yard.join('Bob', { x: 10, y: 10 });
    expect(yard.activate(ann, gate)).toContain('toes');
    expect(gate.state.open).toBe(true);
    yard.leave(bob);
    yard.activate(ann, gate);
    expect(gate.state.open).toBe(false);
  });

  it('stays open over a restart', async () => {
    const { yard, gate, ann } = await open();
    using _ = yard;
    yard.activate(ann, gate);
    yard.restart();
    walkUp(yard, ann);
    expect(ann.y).toBeLessThan(9);
  });
});
