/** The page of Twine in a real Chromium: on a phone, by keys alone, over both wires, through a reload and a kill of the node. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { knotOf } from '../../games/wordgame/client/rules.ts';
import { startTestNode, type TestNode } from '../support/node.ts';
import { hasChromium, openBrowser } from './front-door.ts';
import { HttpPlayer, type Open, type Player, SocketPlayer, started, wordFor } from './wordgame.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const desktop = { viewport: { width: 1200, height: 800 }, reducedMotion: 'reduce', colorScheme: 'dark' } as const;

declare global {
  var twine: { readonly open: Open | undefined; readonly zone: string };
}

/** Somebody with the page before them. */
class Guest {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  async name(name: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name);
  }

  /** The match is on, and one's letters are there. */
  async seated(): Promise<void> {
    await this.page.locator('#rack .tile').nth(6).waitFor();
  }

  async myTurn(): Promise<void> {
    await this.page.locator('body[data-turn=mine]').waitFor();
  }

  open(): Promise<Open> {
    return this.page.evaluate(() => globalThis.twine.open as Open);
  }

  async rack(): Promise<string> {
    const tiles = await this.page.locator('#rack .tile').allTextContents();
    return tiles.map((text) => text[0]).join('');
  }

  /** Lays a word, or passes when there is none. @returns the word */
  async play(by: 'touch' | 'keys'): Promise<string | undefined> {
    await this.myTurn();
    const open = await this.open();
    const word = wordFor(open, await this.rack());
    const last = open.thread.at(-1)?.word ?? '';
    if (word === undefined) {
      await this.page.getByRole('button', { name: 'Change…' }).click();
      await this.page.getByRole('button', { name: 'Pass' }).click();
    } else if (by === 'keys') await this.#type(word, knotOf(last, word));
    else await this.#tap(last, word, knotOf(last, word));
    await this.page.waitForFunction((turn) => (globalThis.twine.open?.turn ?? 0) > turn, open.turn);
    return word;
  }

  async #type(word: string, knot: number): Promise<void> {
    for (let length = 1; length < knot; length++) await this.page.keyboard.press('ArrowLeft');
    await this.page.keyboard.type(word.slice(knot));
    await this.page.keyboard.press('Enter');
  }

  async #tap(last: string, word: string, knot: number): Promise<void> {
    await this.page
      .locator('#last .peg')
      .nth(last.length - knot)
      .tap();
    for (const letter of word.slice(knot))
      await this.page
        .locator('#rack')
        .getByRole('button', { name: `Lay ${letter.toUpperCase()},` })
        .first()
        .tap();
    await this.page.getByRole('button', { name: 'Play', exact: true }).tap();
  }

  /** What axe finds wrong by WCAG 2.0, 2.1 and 2.2 A and AA. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(() =>
      Promise.allSettled(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
          .map(({ finished }) => finished),
      ),
    );
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() => {
      const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      const { axe } = globalThis as unknown as { readonly axe: { run(options: object): Promise<AxeResults> } };
      return axe.run({ runOnly: { type: 'tag', values } });
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`),
    );
  }
}

describe.skipIf(!hasChromium && !process.env.CI)('the page of Twine', { timeout: 240_000 }, () => {
  let node: TestNode;
  let browser: Browser;

  beforeAll(async () => {
    node = await startTestNode({ game: 'wordgame' });
    browser = await openBrowser();
  }, 90_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.[Symbol.asyncDispose]();
  });

  async function come(screen: BrowserContextOptions = phone, hash = '', url = node.url): Promise<Guest> {
    const guest = new Guest(await (await browser.newContext(screen)).newPage());
    await guest.page.goto(`${url}/${hash}`);
    return guest;
  }

  /** A page and somebody else at a table, the match just begun. */
  async function sitDown(guest: Guest, name: string, other: Player): Promise<void> {
    await guest.name(name);
    await guest.page.getByRole('button', { name: 'Play somebody' }).click();
    await guest.page.getByRole('heading', { name: 'Looking for somebody…' }).waitFor();
    await other.find();
    await started(other);
    await other.enter();
    await guest.seated();
  }

  it('is played to the end on a phone by touch against a desktop by keys, and again; axe finds nothing anywhere', async () => {
    const [ann, ben] = [await come(phone), await come(desktop)];
    await ann.page.getByLabel('Your name').waitFor();
    expect(await ann.violations()).toEqual([]);
    // Also the smallest phone has all of it.
    await ann.page.setViewportSize({ width: 320, height: 568 });
    const box = (id: string) => ann.page.locator(id).evaluate((element) => element.getBoundingClientRect().toJSON());
    expect(await ann.page.locator('#title').evaluate((title) => title.scrollWidth)).toBe(320);
    expect((await box('#title .logo')).top).toBeGreaterThanOrEqual((await box('#bar')).bottom);
    await ann.page.setViewportSize(phone.viewport);
    await ann.page.getByRole('button', { name: 'How it is played' }).tap();
    expect(await ann.violations()).toEqual([]);
    await ann.page.getByRole('button', { name: 'Close' }).tap();
    await ann.name('Ann');
    await ben.name('Ben');
    await ann.page.getByRole('button', { name: 'Play somebody' }).tap();
    await ann.page.getByRole('heading', { name: 'Looking for somebody…' }).waitFor();
    expect(await ann.violations()).toEqual([]);
    await ben.page.keyboard.press('Enter');
    await Promise.all([ann.seated(), ben.seated()]);
    expect(await ann.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);

    const ways = [
      [ann, 'touch'],
      [ben, 'keys'],
    ] as const;
    for (let turn = 0; turn < 14; turn++) {
      const mine = (await ann.page.locator('body').getAttribute('data-turn')) === 'mine';
      const [guest, way] = ways[mine ? 0 : 1];
      await guest.play(way);
      await Promise.all(
        [ann, ben].map(({ page }) => page.waitForFunction((done) => globalThis.twine.open?.turn === done, turn + 1)),
      );
      if (turn === 6) expect([...(await ann.violations()), ...(await ben.violations())]).toEqual([]);
    }
    await ann.page.locator('#over-title').waitFor();
    expect(await ann.violations()).toEqual([]);
    expect(await ben.violations()).toEqual([]);
    await ann.page.getByRole('button', { name: 'Play again' }).tap();
    await ben.page.getByRole('button', { name: 'Yes, Ann, again!' }).click();
    await Promise.all([ann.seated(), ben.seated()]);
    await ann.page.waitForFunction(() => globalThis.twine.open?.match === 2);
    expect([...ann.complaints, ...ben.complaints]).toEqual([]);
  });

  it('says why a word is not one, and plays the next', async () => {
    const guest = await come(desktop);
    const other = new SocketPlayer('Other', await node.connect());
    await sitDown(guest, 'Carla', other);
    if ((await guest.open()).next === (await other.seated()).seat) await other.move();
    await guest.myTurn();
    const before = await guest.rack();
    // Enter is for the word that was typed, and no more for the button that was pressed before.
    await guest.page.getByRole('button', { name: 'Shuffle' }).click();
    await guest.page.keyboard.type(before);
    await guest.page.keyboard.press('Enter');
    await guest.page.locator('#why', { hasText: /word list|at most|3 to 9/ }).waitFor();
    await guest.page.keyboard.press('Escape');
    expect([...(await guest.rack())].sort()).toEqual([...before].sort());
    await guest.play('keys');
    expect(guest.complaints).toEqual([]);
  });

  it('has tiles that are dragged to the word, to another place in it, and back', async () => {
    const guest = await come(desktop);
    await sitDown(guest, 'Hanna', new SocketPlayer('Ivo', await node.connect()));
    const drag = async (from: string, to: string, side: 'left' | 'right') => {
      const [a, b] = [await guest.page.locator(from).boundingBox(), await guest.page.locator(to).boundingBox()];
      if (a === null || b === null) throw new Error(`${from} or ${to} is not there`);
      await guest.page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
      await guest.page.mouse.down();
      await guest.page.mouse.move(side === 'left' ? b.x + 2 : b.x + b.width - 2, b.y + b.height / 2, { steps: 5 });
      await guest.page.mouse.up();
    };
    const laid = async () => (await guest.page.locator('#laid .tile').allTextContents()).join('');
    const [first = '', second = ''] = await guest.rack();
    await drag('#rack .tile >> nth=0', '#laid', 'right');
    expect(await laid()).toBe(first);
    await drag('#rack .tile >> nth=0', '#laid .tile', 'right');
    expect(await laid()).toBe(first + second);
    await drag('#laid .tile >> nth=1', '#laid .tile >> nth=0', 'left');
    expect(await laid()).toBe(second + first);
    await drag('#laid .tile >> nth=0', '#rack .tile >> nth=0', 'left');
    expect(await laid()).toBe(first);
    expect(guest.complaints).toEqual([]);
  });

  it('is found next door to the farm, and played with an account, whose match waits over a reload', async () => {
    const guest = await come(phone);
    await guest.page.goto(`${node.url}/farmyard/`);
    await guest.page.getByRole('link', { name: /Twine/ }).tap();
    await guest.page.getByRole('button', { name: 'Log in, or make an account' }).tap();
    await guest.page.getByRole('button', { name: 'I have no account yet' }).tap();
    await guest.page.getByLabel('Name', { exact: true }).last().fill('Emilia');
    await guest.page.getByLabel('Password', { exact: true }).last().fill('a hen lays eggs');
    expect(await guest.violations()).toEqual([]);
    await guest.page.getByRole('button', { name: 'Make my account' }).tap();
    await guest.page.getByText('Welcome, Emilia.').waitFor();
    await guest.page.getByRole('button', { name: /^Play Wren/ }).tap();
    await guest.seated();
    await guest.play('touch');
    await guest.seated();
    const rack = [...(await guest.rack())].sort();
    await guest.page.reload();
    await guest.seated();
    expect([...(await guest.rack())].sort()).toEqual(rack);
    expect(await guest.page.locator('#player-me .name').getAttribute('title')).toBe('Emilia');
    expect(guest.complaints).toEqual([]);
  });

  it('finds a friend by a link, and is watched by a third without letters', async () => {
    const host = await come(phone);
    await host.name('Frida');
    await host.page.getByRole('button', { name: 'Play a friend' }).tap();
    await host.page.locator('#code').filter({ hasText: /\w/ }).waitFor();
    await host.page.reload();
    await host.page.getByRole('heading', { name: 'Waiting for your friend…' }).waitFor();
    const friend = await come(desktop, `#join=${await host.page.locator('#code').textContent()}`);
    await friend.name('Gustav');
    await friend.page.getByRole('button', { name: 'I have a code' }).click();
    await friend.page.getByLabel('Code').fill('no such code');
    await friend.page.getByRole('button', { name: 'Join', exact: true }).click();
    await friend.page.getByText('Nobody waits with this code.').waitFor();
    expect(await friend.violations()).toEqual([]);
    await friend.page.keyboard.press('Escape');
    await friend.page.getByRole('button', { name: 'Join your friend' }).click();
    await Promise.all([host.seated(), friend.seated()]);
    const zone = await host.page.evaluate(() => globalThis.twine.zone);
    const viewer = await come(desktop, `#watch=${zone}`);
    await viewer.page.locator('.link').first().waitFor();
    const first = (await host.page.locator('body').getAttribute('data-turn')) === 'mine' ? host : friend;
    const word = await first.play(first === host ? 'touch' : 'keys');
    if (word !== undefined) await viewer.page.locator('.link', { hasText: word }).waitFor();
    expect(await viewer.page.locator('.tile').count()).toBe(0);
    expect(await viewer.violations()).toEqual([]);
    // Who only watched may play, and need not think up a name.
    await viewer.page.getByRole('button', { name: 'Leave the table' }).click();
    await viewer.page.getByLabel('Your name').waitFor();
    await viewer.page.getByRole('button', { name: /^Play Wren/ }).click();
    await viewer.seated();
    expect([...host.complaints, ...friend.complaints, ...viewer.complaints]).toEqual([]);
  });

  it('goes on after a reload, over the other wire, and after a kill of the node, with the same letters', async () => {
    const root = await mkdtemp(join(tmpdir(), 'roost-twine-'));
    await cp(fileURLToPath(new URL('../../games/wordgame', import.meta.url)), join(root, 'games/copied'), {
      recursive: true,
    });
    const options = { game: 'copied', roots: [root] };
    await using other = await startTestNode(options);
    const guest = await come(phone, '', other.url);
    const partner = new HttpPlayer('Partner', other);
    partner.game = 'copied';
    await sitDown(guest, 'Dina', partner);
    if ((await guest.open()).next === (await partner.seated()).seat) await partner.move();
    await guest.play('touch');
    await guest.seated();
    // The page at `/` plays the game that is there, also where that is a copy.
    expect(await guest.page.evaluate(() => globalThis.twine.zone)).toMatch(/^copied\//);
    const { thread } = await guest.open();
    const rack = [...(await guest.rack())].sort();
    const mine = await guest.page.locator('.link.me').count();
    const same = async () => {
      await guest.seated();
      await guest.page.waitForFunction((count) => document.querySelectorAll('.link.me').length === count, mine);
      expect((await guest.open()).thread).toEqual(thread);
      expect([...(await guest.rack())].sort()).toEqual(rack);
    };
    await guest.page.reload();
    await same();
    // The other wire asks for the table, and gets it.
    const asked = guest.page.waitForResponse((response) => response.request().postData()?.includes('"look"') === true);
    await guest.page.getByRole('button', { name: 'Live' }).tap();
    await asked;
    await same();
    await guest.page.reload();
    await same();
    await other.kill('SIGKILL');
    await guest.page.locator('#state', { hasText: 'Trying again' }).waitFor();
    await using again = await startTestNode({ ...options, data: other.data, flags: ['--port', `${other.port}`] });
    await guest.page.locator('#state').waitFor({ state: 'hidden' });
    partner.token = null;
    await partner.enter();
    await partner.seated();
    await same();
    expect(again.url).toBe(other.url);
    if ((await guest.open()).next === (await partner.seated()).seat) await partner.move();
    await guest.play('touch');
    expect(guest.complaints).toEqual([]);
    await rm(root, { recursive: true });
  });
});
