import { describe, expect, it } from 'vitest';
import { openRoot } from '../../core/content/files.ts';
import { readGame } from '../../core/content/game.ts';
import { temporaryRoot } from './temporary.ts';

const zones = {
  hall: { capacity: 10 },
  table: {},
  house: { owned: true },
  court: { instances: 3 },
};

function read(modes: object, more: object = {}) {
  const game = { character: 'walker', start: 'hall', zones, modes, ...more };
  using made = temporaryRoot({ 'games/farm/game.json': JSON.stringify(game) });
  return readGame(openRoot(made.folder), 'games/farm');
}

const faultsOf = (modes: object) => {
  const outcome = read(modes);
  return outcome.kind === 'faults' ? outcome.faults.map(({ message }) => message) : [];
};

describe('modes of game.json', () => {
  it('have defaults: two seats, in a zone of their own where they name one, else over a relay', () => {
    const outcome = read({ duel: { zone: 'table' }, letters: {} });
    if (outcome.kind === 'faults') throw new Error(JSON.stringify(outcome.faults));
    const usual = {
      ...{ least: 2, most: 2, accept: 0, join: 30, patience: 10, backfill: false, hosts: false, bots: null },
      ...{ silent: 25, away: 60, avoid: 600, numbers: [], texts: [] },
    };
    expect(outcome.game.modes).toEqual([
      { name: 'duel', title: 'duel', runs: 'instance', zone: 'table', ...usual },
      { name: 'letters', title: 'letters', runs: 'relay', zone: null, ...usual },
    ]);
    expect(outcome.game.zones.map(({ name, matched }) => [name, matched])).toEqual([
      ['hall', undefined],
      ['table', true],
      ['house', undefined],
      ['court', undefined],
    ]);
  });

  it('read windows that grow and windows in steps', () => {
    const numbers = {
      skill: { window: 100, grow: 5, most: 400, usual: 1000 },
      ping: { window: [70, 130], every: 8, adds: true },
    };
    const outcome = read({ melee: { runs: 'zone', zone: 'hall', seats: [2, 8], numbers } });
    expect(outcome).toMatchObject({
      game: {
        modes: [
          {
            numbers: [
              { name: 'skill', windows: [100], grow: 5, most: 400, usual: 1000, adds: false },
              { name: 'ping', windows: [70, 130], grow: null, every: 8, most: null, usual: null, adds: true },
            ],
          },
        ],
      },
    });
  });

  it.each<[object, string]>([
    [{ seats: [3, 2], zone: 'table' }, '"modes.duel.seats": the least is more than the most'],
    [{ zone: 'nowhere' }, '"modes.duel.zone": there is no zone "nowhere"'],
    [{ zone: 'constructor' }, '"modes.duel.zone": there is no zone "constructor"'],
    [{ runs: 'zone' }, '"modes.duel.runs": says in which zone: the key zone is missing'],
    [{ runs: 'zone', zone: 'house' }, '"modes.duel.zone": everybody has a "house" of their own'],
    [{ zone: 'court' }, '"modes.duel.zone": players could come into different instances of "court"'],
    [{ runs: 'zone', zone: 'hall', seats: [2, 11] }, '"modes.duel.seats": "hall" holds fewer players'],
    [{ runs: 'relay', zone: 'table' }, '"modes.duel.zone": a relay runs in no zone'],
    [{ runs: 'relay', seats: 1 }, '"modes.duel.seats": a relay has 2 to 16 seats'],
    [{ runs: 'relay', bots: 5 }, '"modes.duel.bots": nobody would play a bot at a relay'],
    [{ zone: 'table', accepts: 5 }, '"modes.duel.accepts" is not known'],
  ])('%j is refused by name', (mode, message) => {
    expect(faultsOf({ duel: mode })).toContain(message);
  });
});
