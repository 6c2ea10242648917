/** The drawer in a real Chromium, on a copy of the farm: who has the link edits the hens, and everybody sees it. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../core/client/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found) console.warn(`No Chromium at ${executablePath}: the drawer is not tested. Set CHROMIUM.`);

declare global {
  var farm: { readonly client: Client };
}

const home = fileURLToPath(new URL('../..', import.meta.url));
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const script = 'games/orchard/scripts/chicken.ts';

describe.skipIf(!found && !process.env.CI)('the drawer', { timeout: 120_000 }, () => {
  let root: string;
  let node: TestNode;
  let token: string;
  let browser: Browser;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'roost-drawer-'));
    const game = join(root, 'games/orchard');
    await cp(join(home, 'games/farmyard'), game, { recursive: true });
    await cp(join(home, 'scripts/chicken.ts'), join(root, script));
    await cp(join(home, 'scripts/hens'), join(game, 'scripts/hens'), { recursive: true });
    // The meadow, and nobody in it.
    await cp(join(home, 'games/farmyard'), join(root, 'games/pond'), { recursive: true });
    await writeMeadow(join(root, 'games/pond'), []);
    node = await startTestNode({ game: 'farmyard', roots: [root] });
    token = await node.devToken();
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
    });
  }, 90_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await cp(join(home, 'scripts/chicken.ts'), join(root, script));
  });
  afterAll(async () => {
    await browser?.close();
    await node?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  /** Comes in by the door; a name is taken for a while when somebody has left. */
  async function visit(name: string, screen: BrowserContextOptions, fragment = '') {
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
    await page.goto(`${node.url}/orchard/${fragment}`);
    await page.fill('#name', name);
    await page.click('#enter');
    await page.waitForFunction(() => globalThis.farm.client.self !== undefined);
    return { page, complaints };
  }

  /** Opens the drawer and waits for the hen's script. */
  async function open(page: Page): Promise<void> {
    await page.click('.drawer-tab');
    await page.locator('.cm-line', { hasText: 'const size = 1;' }).waitFor();
  }

  const hensOfSize = (page: Page, size: number) =>
    page.waitForFunction((size) => {
      const hens = [...globalThis.farm.client.objects.values()].filter(({ kind }) => kind === 'chicken');
      return hens.length > 0 && hens.every(({ scale }) => scale === size);
    }, size);

  it('makes the hens giant for everybody, and small again', async () => {
    const { page: ann, complaints } = await visit('Ann', wide, `#dev=${token}`);
    const { page: ben, complaints: others } = await visit('Ben', wide);
    expect(await ann.evaluate(() => location.hash)).toBe('');
    await open(ann);
    await ann.getByRole('button', { name: 'make them giant' }).click();
    await hensOfSize(ben, 3);
    await ann.locator('.drawer-said', { hasText: 'all hens have it' }).waitFor();
    expect(await readFile(join(root, script), 'utf8')).toContain('const size = 3;');
    await ann.getByRole('button', { name: 'make them giant' }).click();
    await hensOfSize(ben, 1);
    expect([...complaints, ...others]).toEqual([]);
  });

  it('marks the line that is wrong while the hens go on, and goes back to the original', async () => {
    const { page: ann } = await visit('Anna', wide, `#dev=${token}`);
    await open(ann);
    await ann.getByRole('button', { name: 'break them' }).click();
    await ann.locator('.cm-fault', { hasText: 'throw new Error' }).waitFor();
    await ann.locator('.cm-fault-message', { hasText: 'Broken on purpose' }).waitFor();
    await ann.locator('.drawer-status[data-tone="bad"]', { hasText: 'the build before' }).waitFor();
    const places = await ann.evaluate(() =>
      [...globalThis.farm.client.objects.values()]
        .filter(({ kind }) => kind === 'chicken')
        .map(({ id, x, y }) => ({ id, x, y })),
    );
    await ann.waitForFunction(
      (before) =>
        before.some(({ id, x, y }) => {
          const now = globalThis.farm.client.objects.get(id);
          return now !== undefined && Math.hypot(now.x - x, now.y - y) > 0.1;
        }),
      places,
    );
    await ann.getByRole('button', { name: 'back to the original' }).click();
    await ann.locator('.drawer-status[data-tone="good"]').waitFor();
    expect(await ann.locator('.cm-fault').count()).toBe(0);
    expect(await readFile(join(root, script), 'utf8')).toBe(await readFile(join(home, 'scripts/chicken.ts'), 'utf8'));
  });

  it('saves what was typed with the keyboard; the farmer stands still, Escape closes', async () => {
    const { page } = await visit('Annie', wide, `#dev=${token}`);
    await open(page);
    await page.locator('.cm-line', { hasText: 'const size = 1;' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' // wasd');
    await page.locator('.drawer-unsaved').waitFor();
    await page.keyboard.press('Control+s');
    await page.locator('.drawer-unsaved').waitFor({ state: 'hidden' });
    await page.locator('.drawer-status[data-tone="good"]').waitFor();
    expect(await readFile(join(root, script), 'utf8')).toContain('const size = 1; // wasd');
    // The game has heard of none of these keys.
    expect(await page.evaluate(() => globalThis.farm.client.ack)).toBe(-1);
    await page.keyboard.press('Escape');
    await page.locator('.drawer').waitFor({ state: 'hidden' });
  });

  it('is not there without the token, with a wrong one, or behind a proxy', async () => {
    const { page: ben, complaints } = await visit('Benny', wide);
    const { page: eve } = await visit('Eve', wide, `#dev=${'x'.repeat(22)}`);
    expect(await ben.locator('.drawer-tab').count()).toBe(0);
    await eve.waitForFunction(() => sessionStorage.getItem('roost-dev') === null);
    expect(await eve.locator('.drawer-tab').count()).toBe(0);
    expect(complaints).toEqual([]);
    const change = { path: script, hash: '0'.repeat(64), text: '' };
    for (const auth of [{}, { dev: '' }, { dev: `${token}x` }, { resume: token }]) {
      const client = await node.connect(auth as Record<string, string>);
      await expect(client.call('script.save', change)).rejects.toMatchObject({ code: 'call.forbidden' });
    }
    const builder = await node.connect({ dev: token });
    await expect(builder.call('script.save', change)).rejects.toMatchObject({ code: 'script.changed' });
    const proxied = await node.connect({ dev: token }, { 'x-forwarded-for': '192.0.2.1' });
    await expect(proxied.call('script.save', change)).rejects.toMatchObject({ code: 'call.forbidden' });
    expect(node.words.split(token)).toHaveLength(2);
  });

  it('is a sheet on a phone: nothing hangs over the edge, the hens stay in sight', async () => {
    const { page, complaints } = await visit('Cleo', phone, `#dev=${token}`);
    await open(page);
    await page.getByRole('button', { name: 'make them giant' }).tap();
    await page.locator('.drawer-status[data-tone="good"]').waitFor();
    const seen = await page.evaluate(() => {
      const box = (name: string) => document.querySelector(name)?.getBoundingClientRect() ?? new DOMRect();
      const { scrollWidth, scrollHeight } = document.documentElement;
      const over = { x: scrollWidth - innerWidth, y: scrollHeight - innerHeight };
      return {
        over,
        land: box('#land').bottom,
        sheet: box('.drawer').top,
        bottom: box('.drawer').bottom - innerHeight,
      };
    });
    expect(seen.over).toEqual({ x: 0, y: 0 });
    expect(seen.land).toBeLessThanOrEqual(seen.sheet + 1);
    expect(seen.sheet).toBeGreaterThan(200);
    expect(seen.bottom).toBe(0);
    await page.click('.drawer-close');
    expect(await page.locator('#stick').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('README: a frog of your own is there as it is saved, and tells who presses E how often it has hopped', async () => {
    const readme = await readFile(join(home, 'README.md'), 'utf8');
    const [, frog = ''] = /scripts\/frog\.ts`:\s+```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const [, line = ''] = /(\{ "id": 1001, .*\}),\n/.exec(readme) ?? [];
    const context = await browser.newContext(wide);
    // All of it also in a browser that keeps nothing for pages.
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException('The operation is insecure.', 'SecurityError');
          },
        });
    });
    const page = await context.newPage();
    await page.goto(`${node.url}/pond/#dev=${token}`);
    await page.click('#enter');
    await page.waitForFunction(() => globalThis.farm.client.self !== undefined);
    await writeFile(join(root, 'games/pond/scripts/frog.ts'), frog);
    await writeMeadow(join(root, 'games/pond'), [JSON.parse(line)]);
    await page.locator('.word', { hasText: 'Use' }).waitFor();
    await page.keyboard.press('KeyE');
    // For those who see it, and for those who hear it.
    await page.locator('#caption', { hasText: /^I have hopped \d+ times\.$/ }).waitFor();
    await page.locator('#announcer', { hasText: 'I have hopped' }).waitFor();

    // In the drawer it is a frog, and no hen.
    await page.click('.drawer-tab');
    await page.selectOption('.drawer-file', 'games/pond/scripts/frog.ts');
    await page.locator('.cm-line', { hasText: 'Ribbit' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' // loud');
    await page.keyboard.press('Control+s');
    await page.locator('.drawer-said', { hasText: 'all of them have it' }).waitFor();
  });
});

describe('the link', () => {
  it('is printed in development on this machine only, after the URL', async () => {
    await using open = await startTestNode({ flags: ['--host', '0.0.0.0', '--dev'] });
    const client = await open.connect({ dev: 'undefined' });
    await expect(client.call('script.list')).rejects.toMatchObject({ code: 'call.forbidden' });
    expect(open.words).not.toContain('#dev=');
    expect((await fetch(`${open.url.replace('0.0.0.0', '127.0.0.1')}/roost/editor/@codemirror/state.js`)).status).toBe(
      404,
    );
  });

  it('brings the editor from this node: every module it imports is there, and nothing else', async () => {
    await using node = await startTestNode({ game: 'farmyard' });
    const page = await (await fetch(node.url)).text();
    const map = JSON.parse(/<script type="importmap">(.*?)<\/script>/.exec(page)?.[1] ?? '') as {
      readonly imports: Readonly<Record<string, string>>;
    };
    const modules = Object.entries(map.imports).filter(([, url]) => url.startsWith('/roost/editor/'));
    expect(modules.length).toBeGreaterThan(10);
    for (const [name, url] of modules) {
      const answer = await fetch(new URL(url, node.url));
      expect(answer.headers.get('content-type'), name).toContain('text/javascript');
      const imported = [...(await answer.text()).matchAll(/^(?:import|export)\s[^'"]*from ['"]([^'"]+)['"]/gm)];
      for (const [, to = ''] of imported) expect(Object.keys(map.imports)).toContain(to);
    }
    for (const path of ['fastify.js', '@codemirror/state/../../fastify.js', '@codemirror/state', 'acorn.js']) {
      expect((await fetch(`${node.url}/roost/editor/${path}`)).status, path).toBe(404);
    }
  });
});

/** Puts these things into the farm's meadow in place of all others. */
async function writeMeadow(game: string, objects: readonly unknown[]): Promise<void> {
  const map = JSON.parse(await readFile(join(home, 'games/farmyard/maps/meadow.tmj'), 'utf8')) as {
    readonly layers: readonly { readonly name: string; objects?: readonly unknown[] }[];
  };
  for (const layer of map.layers) if (layer.name === 'objects') layer.objects = objects;
  await writeFile(join(game, 'maps/meadow.tmj'), JSON.stringify(map));
}
