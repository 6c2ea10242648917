/** The demo in a real Chromium: two people on one farm, on a wide screen and on a phone. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../core/client/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found) console.warn(`No Chromium at ${executablePath}: the farmyard's page is not tested. Set CHROMIUM.`);

/** What the page leaves for the curious. */
declare global {
  var farm: { readonly client: Client };
}

const small = { viewport: { width: 800, height: 600 } };
const wide = { viewport: { width: 1600, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

describe.skipIf(!found && !process.env.CI)('the farmyard in a browser', { timeout: 90_000 }, () => {
  let node: TestNode;
  let browser: Browser;

  beforeAll(async () => {
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet];
    node = await startTestNode({ game: 'farmyard' });
    browser = await chromium.launch({ executablePath, args });
  }, 90_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.[Symbol.asyncDispose]();
  });

  /** Comes in by the door. Complaints of the page and requests to other places are collected. */
  async function visit(name: string, screen: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext(screen);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      const elsewhere = new URL(request.url()).host !== new URL(node.url).host;
      if (elsewhere && !request.url().startsWith('data:')) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(node.url);
    await page.fill('#name', name);
    await page.click('#enter');
    await page.waitForFunction(() => globalThis.farm.client.self !== undefined);
    return { page, complaints };
  }

  it('two people see each other move, talk, feed a hen and push a crate', async () => {
    const { page: anna, complaints: first } = await visit('Anna', small);
    const { page: ben, complaints: second } = await visit('Ben', small);
    const annaSeen = await ben.waitForFunction(() => {
      const all = [...globalThis.farm.client.objects.values()];
      const other = all.find(({ name }) => name === 'Anna');
      return other && { id: other.id, x: other.x };
    });
    const { id, x } = (await annaSeen.jsonValue()) as { id: string; x: number };

    // A ring and one word over the hen that came along; the key feeds her, and Ben sees whom she follows.
    await anna.getByText('Feed', { exact: true }).first().waitFor();
    await anna.keyboard.press('KeyE');
    await ben.waitForFunction(
      (friend) =>
        [...globalThis.farm.client.objects.values()].some(
          ({ kind, state }) => kind === 'chicken' && state.friend === friend,
        ),
      id,
    );

    await anna.keyboard.press('Enter');
    await anna.keyboard.type('Hello, Ben!');
    await anna.keyboard.press('Enter');
    await ben.locator('.bubble', { hasText: 'Hello, Ben!' }).waitFor();

    await anna.keyboard.down('KeyA');
    await ben.waitForFunction(({ id, x }) => Math.abs((globalThis.farm.client.objects.get(id)?.drawn.x ?? x) - x) > 1, {
      id,
      x,
    });
    await anna.keyboard.up('KeyA');

    const crate = await ben.evaluate(() => {
      const all = [...globalThis.farm.client.objects.values()].filter(({ kind }) => kind === 'crate');
      const nearest = all.sort((a, b) => Math.hypot(a.x - 23, a.y - 14.4) - Math.hypot(b.x - 23, b.y - 14.4))[0];
      return { id: nearest?.id ?? '', x: nearest?.x ?? 0, y: nearest?.y ?? 0 };
    });
    await anna.evaluate(({ x, y }) => {
      // As a player with keys does: straight at the crate, and on.
      const { client } = globalThis.farm;
      const steer = () => {
        const { self } = client;
        if (self === undefined) return;
        const far = Math.hypot(x - self.x, y - self.y);
        client.input({ x: (x - self.x) / far, y: (y - self.y) / far, run: false });
      };
      client.on('delta', steer);
      steer();
    }, crate);
    await ben.waitForFunction(({ id, x, y }) => {
      const now = globalThis.farm.client.objects.get(id);
      return now !== undefined && Math.hypot(now.x - x, now.y - y) > 0.2;
    }, crate);
    expect([...first, ...second]).toEqual([]);
  });

  for (const [where, screen] of [
    ['a phone of 390 pixels', phone],
    ['a screen of 1600 pixels', wide],
  ] as const) {
    it(`nothing hangs over the edge or complains on ${where}`, async () => {
      const { page, complaints } = await visit(screen === phone ? 'Cleo' : 'Dora', screen);
      await page.waitForFunction(() => document.body.dataset.zone === 'farmyard/meadow');
      await page.click('#curious');
      await page.locator('#p-tick', { hasText: '20 a second' }).waitFor();
      const over = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        const hanging = [...document.querySelectorAll('button, #bar, #panel, #gestures, #stick')].filter((part) => {
          const box = part.getBoundingClientRect();
          return box.width > 0 && (box.left < 0 || box.right > innerWidth || box.bottom > innerHeight);
        });
        return { x: scrollWidth - innerWidth, y: scrollHeight - innerHeight, hanging: hanging.map((part) => part.id) };
      });
      expect(over).toEqual({ x: 0, y: 0, hanging: [] });
      expect(await page.locator('#stick').isVisible()).toBe(screen === phone);
      if (screen === phone) {
        // What became of a script is seen at once, however much spends the server's time.
        await page.locator('#c-kinds tr').nth(5).waitFor();
        expect(await page.evaluate(isNewsSeen)).toBe(true);
        await page.click('#curious');
        for (const size of [
          { width: 568, height: 320 },
          { width: 320, height: 568 },
        ]) {
          await page.setViewportSize(size);
          expect(await page.evaluate(crowded)).toEqual([]);
        }
      } else {
        // Who comes in anew, as after a lost connection, goes on where a key is still held.
        await page.click('#curious');
        await page.locator('#land').focus();
        await page.keyboard.down('KeyA');
        await page.waitForFunction(() => globalThis.farm.client.ack > 0);
        const character = await page.evaluate(async () => {
          await globalThis.farm.client.leave();
          return (await globalThis.farm.client.enter('farmyard/meadow')).character;
        });
        await page.waitForFunction((id) => (globalThis.farm.client.objects.get(id)?.x ?? 23) < 22, character);
        await page.keyboard.up('KeyA');
      }
      expect(complaints).toEqual([]);
    });
  }
});

/** Whether the news of scripts stand in the part of the panel that shows. */
function isNewsSeen(): boolean {
  const [news, panel] = [document.querySelector('#p-news'), document.querySelector('#panel')];
  return (news?.getBoundingClientRect().bottom ?? 0) < (panel?.getBoundingClientRect().bottom ?? 0);
}

/** What of the controls lies over another one, or beyond the edge. */
function crowded(): string[] {
  const parts = [...document.querySelectorAll('button, .plank, #stick')]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }))
    .map((part) => ({ name: part.id || part.textContent, box: part.getBoundingClientRect() }));
  return parts.flatMap(({ name, box }, i) => [
    ...(box.top < 0 || box.left < 0 || box.right > innerWidth || box.bottom > innerHeight
      ? [`${name} hangs over`]
      : []),
    ...parts
      .slice(i + 1)
      .filter((other) => Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1)
      .filter((other) => Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 1)
      .map((other) => `${name} and ${other.name}`),
  ]);
}
