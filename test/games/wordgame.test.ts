/** Twine by sockets, by plain requests, and by people who mean ill. */
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../support/node.ts';
import { HttpPlayer, type Open, playOut, SocketPlayer, sitDown, started, untilWord } from './wordgame.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode({ game: 'wordgame' });
});
afterAll(() => node[Symbol.asyncDispose]());

const bySocket = async (name: string) => new SocketPlayer(name, await node.connect());
const byHttp = async (name: string) => new HttpPlayer(name, node);

/** Ended by turns, with the points of the thread. */
function expectPlayed({ phase, result, seats, thread, turn, turns }: Open): void {
  expect(phase).toBe('over');
  expect(result?.why).toBe('turns');
  expect(turn).toBe(turns);
  for (const seat of [0, 1]) {
    const points = thread.filter((link) => link.seat === seat).reduce((sum, { score }) => sum + score, 0);
    expect(seats[seat]?.score).toBe(points);
  }
}

describe('a match', { timeout: 120_000 }, () => {
  it('is played to the end by two sockets, and once more when both want', async () => {
    const players = await sitDown(await bySocket('Ann'), await bySocket('Ben'));
    const { state } = await players[0].board();
    expectPlayed(await playOut(players));
    await players[0].act('again');
    await players[1].act('again');
    const second = await players[1].board(({ phase }) => phase === 'playing');
    expect(second.state).toMatchObject({ match: 2, turn: 0, next: 1 - state.next });
    await players[second.state.next as 0 | 1].move();
    expect((await players[0].board(({ turn }) => turn === 1)).state.phase).toBe('playing');
    await players[1].call('match.leave', { ticket: players[1].ticket });
    const left = await players[0].board(({ phase }) => phase === 'over');
    expect(left.state.result).toEqual({ why: 'left', winner: 0 });
  });

  it('is played to the end by two who only have plain requests, and by one of each', async () => {
    expectPlayed(await playOut(await sitDown(await byHttp('Cleo'), await byHttp('Dora'))));
    expectPlayed(await playOut(await sitDown(await bySocket('Ella'), await byHttp('Finn'))));
  });

  it('with a friend is found by the code, and by nobody else', async () => {
    const [host, guest, other] = [await bySocket('Gina'), await byHttp('Hugo'), await bySocket('Ines')];
    const { party } = await host.find('friends', { party: 2 });
    await other.find('friends');
    await guest.find('friends', { party: party?.code });
    const [one, two] = [await started(host), await started(guest)];
    expect(one.match?.zone).toBe(two.match?.zone);
    expect((await other.status()).state).toBe('waiting');
    await other.call('match.cancel', { ticket: other.ticket });
  });

  it('with Wren begins at once, and Wren answers', async () => {
    const ann = await bySocket('Jana');
    await ann.find('wren');
    await started(ann);
    await ann.enter();
    const { state } = await ann.board(({ phase }) => phase === 'playing');
    expect(state.seats.map((seat) => seat?.bot).sort()).toEqual([false, true]);
    const { seat } = await ann.act('look');
    if (state.next === seat) await ann.move();
    const done = await ann.board(({ turn, next }) => turn > 0 && next === seat);
    expect(done.state.turn).toBeGreaterThan(0);
    await ann.call('match.leave', { ticket: ann.ticket });
  });
});

describe('a match goes on', { timeout: 120_000 }, () => {
  it('after the node was killed in the middle of it: same thread, same letters, by socket and by plain requests', async () => {
    await using other = await startTestNode({ game: 'wordgame' });
    const players = await sitDown(new SocketPlayer('Kim', await other.connect()), new HttpPlayer('Lea', other));
    for (let turns = 0; turns < 3; turns++) await players[(await players[0].board()).state.next as 0 | 1].move();
    const before = (await players[0].board(({ turn }) => turn === 3)).state;
    const racks = [(await players[0].act('look')).rack, (await players[1].act('look')).rack];
    await other.restart('SIGKILL');
    for (const player of players) {
      if (player instanceof SocketPlayer) player.client = await other.connect();
      else if (player instanceof HttpPlayer) player.token = null;
      await player.enter();
    }
    const again = [await players[0].seated(), await players[1].seated()];
    const after = (await players[0].board()).state;
    expect(after.thread).toEqual(before.thread);
    expect(after).toMatchObject({ turn: 3, next: before.next, left: before.left });
    expect(again.map(({ rack }) => rack)).toEqual(racks);
    expectPlayed(await playOut(players));
  });

  it('after the script of its board was saved; and where nobody comes, Wren takes the other seat', async () => {
    const root = await mkdtemp(join(tmpdir(), 'roost-twine-'));
    const game = join(root, 'games/copied');
    await cp(fileURLToPath(new URL('../../games/wordgame', import.meta.url)), game, { recursive: true });
    const about = JSON.parse(await readFile(join(game, 'game.json'), 'utf8'));
    about.modes.soon = { ...about.modes.duel, bots: 1 };
    await writeFile(join(game, 'game.json'), JSON.stringify(about));
    await using other = await startTestNode({ game: 'copied', roots: [root] });
    const alone = new HttpPlayer('Wanda', other);
    alone.game = 'copied';
    expect((await alone.find('soon')).state).toBe('waiting');
    await started(alone);
    await alone.enter();
    const { state } = await alone.board(({ phase }) => phase === 'playing');
    expect(state.seats.map((seat) => seat?.name).sort()).toEqual(['Wanda', 'Wren']);
    const [one, two] = [new SocketPlayer('Uma', await other.connect()), new HttpPlayer('Vito', other)];
    for (const player of [one, two]) player.game = 'copied';
    const players = await sitDown(one, two);
    for (let turns = 0; turns < 2; turns++) await players[(await one.board()).state.next as 0 | 1].move();
    const before = (await one.board(({ turn }) => turn === 2)).state;
    const { rack } = await one.act('look');
    await appendFile(join(game, 'scripts/board.ts'), '\n// Saved again.\n');
    await other.logged((line) => line.msg === 'scripts taken over');
    expect((await one.act('look')).rack).toBe(rack);
    expect((await one.board()).state).toMatchObject({ thread: before.thread, turn: 2, ends: before.ends });
    expectPlayed(await playOut(players));
    await rm(root, { recursive: true });
  });
});

describe('who means ill', { timeout: 120_000 }, () => {
  it('learns nothing of the other’s letters, from no message and no answer', async () => {
    const [one, two] = [await bySocket('Mia'), await byHttp('Noah')];
    await sitDown(one, two);
    // Letters that no word of the thread can be taken for: those of the whole rack in a row, in any order.
    const { rack } = await two.act('look');
    const { id } = await one.board();
    for (const method of ['look', 'again', 'resign2', 'sit']) await one.act(method).catch(() => {});
    await one.call('object.inspect', { id });
    await one.call('zone.objects');
    await one.call('zone.snapshot');
    const mine = (await one.act('look')).rack;
    const everything = JSON.stringify(one.client.messages) + JSON.stringify(await one.call('object.inspect', { id }));
    const sorted = (letters: string) => [...letters].sort().join('');
    const runs = [...everything.matchAll(/"([a-z]{7})"/g)].map(([, letters]) => sorted(letters ?? ''));
    expect(runs.filter((letters) => letters === sorted(rack) && letters !== sorted(mine))).toEqual([]);
    expect(everything).not.toMatch(/racks|"bag"/);
  });

  it('plays out of turn, with letters he has not, in another’s place or afterwards in vain; a repeat is one move', async () => {
    const players = await sitDown(await bySocket('Olga'), await byHttp('Paul'));
    const { mover, waiter, word, turn } = await untilWord(players);
    expect((await waiter.act('play', { word, turn })).no).toBe('not-your-turn');
    const end = (await mover.board()).state.thread.at(-1)?.word.at(-1);
    expect((await mover.act('play', { word: `${end}zzzzz`, turn })).no).toBe('letters-missing');
    await expect(mover.act('play', { word, turn, seat: 1 })).rejects.toMatchObject({ code: 'object.bad-params' });
    await expect(mover.act('play', { word: 5, turn })).rejects.toMatchObject({ code: 'object.bad-params' });

    const first = await mover.act('play', { word, turn }, 'the-same-move');
    expect(first.word).toBe(word);
    expect(await mover.act('play', { word, turn }, 'the-same-move')).toEqual(first);
    const after = (await mover.board((open) => open.turn > turn)).state;
    expect(after).toMatchObject({ turn: turn + 1 });
    expect(after.thread.filter((link) => link.word === word)).toHaveLength(1);

    // A stranger: neither into the zone, nor as the node, nor by somebody's ticket's zone.
    const eve = await bySocket('Eve');
    const { match } = await mover.status();
    const zone = match?.zone ?? '';
    await expect(eve.call('zone.enter', { zone, name: 'Eve' })).rejects.toMatchObject({ code: 'zone.forbidden' });
    const seat = { match: 'x', mode: 'duel', seats: 2, seat: 0, name: 'Eve', bot: false, open: true };
    await mover.call('object.call', { id: zone, method: 'seat', params: seat });
    expect((await mover.board()).state).toMatchObject({ phase: 'playing', seats: [{ left: false }, { left: false }] });

    await waiter.act('resign');
    await mover.board(({ phase }) => phase === 'over');
    expect((await waiter.act('play', { word, turn: turn + 1 })).no).toBe('not-playing');
  });

  it('watches the board and no letters, and does nothing there', async () => {
    const players = await sitDown(await bySocket('Rosa'), await bySocket('Sven'));
    const { match } = await players[0].status();
    const viewer = await bySocket('Tess');
    await viewer.call('zone.watch', { zone: match?.zone, x: 4, y: 4, distance: 8 });
    await players[(await players[0].board()).state.next as 0 | 1].move();
    const { state } = await viewer.board(({ turn }) => turn === 1);
    expect(state.thread.length).toBeGreaterThan(0);
    await expect(viewer.act('look')).rejects.toMatchObject({ code: 'call.forbidden' });
    const racks = await Promise.all(players.map(async (player) => (await player.act('look')).rack));
    const seen = JSON.stringify(viewer.client.messages);
    for (const rack of racks) expect(seen).not.toContain(rack);
    expect(seen).not.toMatch(/racks|"bag"/);
  });
});
