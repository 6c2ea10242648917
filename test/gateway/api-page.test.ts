/** The page `/docs/api` in a real Chromium: searching, trying a method, by keyboard, for screen readers, on a phone. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../games/front-door.ts';
import { password, post } from '../plugins/auth/people.ts';
import { type Estate, startEstate } from '../plugins/zone/estate.ts';

const wide = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };

/** What a plugin could try, in every place that it may write to. */
const evil = `import { defineMethod, z } from 'roost/plugin';
/** </p><img src=x onerror="window.evil=1"><script>window.evil=2</script>. */
export default defineMethod({
  params: z.object({
    '</textarea><img src=x onerror="window.evil=3">': z.enum(['"><svg onload="window.evil=4">', "'; window.evil=5; '"]),
    a: z.string().default('</pre><script>window.evil=6</script>').describe('<img src=x onerror="window.evil=7">'),
  }),
  handle: () => ({ html: '<img src=x onerror="window.evil=8">' }),
});
`;

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() => {
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { axe } = globalThis as unknown as { readonly axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ runOnly: { type: 'tag', values } });
  });
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`));
}

describe.skipIf(!hasChromium && !process.env.CI)('the page of methods', { timeout: 120_000 }, () => {
  let estate: Estate;
  let folder: string;
  let browser: Browser;
  const complaints: string[] = [];
  const requests: Request[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roost-plugins-'));
    await mkdir(join(folder, 'evil'));
    await writeFile(join(folder, 'evil/try.ts'), evil);
    estate = await startEstate({}, { flags: ['--plugins', folder] });
    browser = await openBrowser();
  }, 90_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await estate?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(screen: BrowserContextOptions = wide, hash = ''): Promise<Page> {
    const page = await (await browser.newContext(screen)).newPage();
    complaints.length = 0;
    requests.length = 0;
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => requests.push(request));
    await page.goto(`${estate.node.url}/docs/api${hash}`);
    return page;
  }

  it('CLI-10 is searched, read and tried by keyboard alone', async () => {
    const page = await open();
    const { keyboard } = page;
    await page.locator('#_find').waitFor();
    await keyboard.press('/');
    await keyboard.type('host ping');
    await page.getByText('1 method fits').waitFor();
    expect(await page.locator('article:visible').evaluateAll((all) => all.map(({ id }) => id))).toEqual(['host.ping']);
    await keyboard.press('Enter');
    await page.locator('[id="host.ping"] details[open]').waitFor();
    const field = page.getByRole('textbox', { name: 'Params of host.ping' });
    for (let steps = 0; steps < 10 && !(await field.evaluate((one) => one === document.activeElement)); steps++)
      await keyboard.press('Tab');
    await keyboard.press('Control+Enter');
    await page.getByText(/^200 answered in \d+ ms$/).waitFor();
    expect(await page.getByLabel('Answer of host.ping').textContent()).toMatch(/^\{\n {2}"at": [\d.]+\n\}$/);
    await field.fill('{ "half"');
    await keyboard.press('Control+Enter');
    await page.getByText('The params are not JSON.').waitFor();
    await page.locator('#_search').focus();
    await keyboard.press('Escape');
    expect(await page.locator('article:visible').count()).toBeGreaterThan(100);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy host.ping with curl' }).press('Enter');
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      /^curl -sS http:[^ ]+\/rpc\/host\.ping \\\n/,
    );
    await page.getByRole('link', { name: /^zone \d+$/ }).press('Enter');
    await page.locator('nav a[aria-current]', { hasText: 'zone' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('M-9 sends the token that was typed, never a cookie, and keeps it nowhere', async () => {
    const { cookie } = await logIn('Carol');
    const page = await open(wide, '#auth.me');
    const [name = '', value = ''] = (cookie ?? '').split(';')[0]?.split('=') ?? [];
    await page.context().addCookies([{ name, value, url: estate.node.url, httpOnly: true, sameSite: 'Strict' }]);
    await page.reload();
    const send = page.locator('[id="auth.me"] .try button').first();
    const answer = page.getByLabel('Answer of auth.me');
    await send.click();
    await page.getByText(/^200 answered/).waitFor();
    expect(JSON.parse((await answer.textContent()) ?? '')).toMatchObject({ account: null });

    await estate.join('Dora');
    const token = await estate.tokenOf('Dora');
    await page.getByLabel('Bearer token').fill(token);
    await send.click();
    await answer.getByText('Dora').waitFor();
    const sent = requests.filter((request) => request.url().includes('/rpc/'));
    const headers = await Promise.all(sent.map((request) => request.allHeaders()));
    expect(headers.map((all) => [all.cookie, all.authorization])).toEqual([
      [undefined, undefined],
      [undefined, `Bearer ${token}`],
    ]);
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage), location.href]),
    );
    expect(kept).not.toContain(token);
    await page.getByLabel('Bearer token').fill('not a token');
    await send.click();
    await page.getByText('What stands as the token cannot be one.').waitFor();
    await page.reload();
    expect(await page.getByLabel('Bearer token').inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  it('goes on with the token of a login, or of a guest who entered', async () => {
    const page = await open(wide, '#zone.enter');
    await page.getByRole('textbox', { name: 'Params of zone.enter' }).fill('{ "zone": "trial/yard", "name": "Ida" }');
    await page.locator('[id="zone.enter"] .try button').first().click();
    await page.getByRole('button', { name: 'Go on with this token' }).click();
    await page.evaluate(() => {
      location.hash = '#chat.say';
    });
    await page.locator('[id="chat.say"] .try button').first().click();
    await page.getByLabel('Answer of chat.say').getByText('tick').waitFor();
    expect(complaints).toEqual([]);
  });

  it('M-9 shows an operator from elsewhere what there is, when he types his token', async () => {
    await estate.join('Olga');
    await estate.grant('Olga', 'operator');
    const token = await estate.tokenOf('Olga');
    const page = await open({ ...wide, extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.9' } });
    expect(await page.locator('article').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Bearer token').fill('not-a-token');
    await page.keyboard.press('Enter');
    await page.getByText('This is no operator’s token.').waitFor();
    await page.getByLabel('Bearer token').fill(token);
    await page.keyboard.press('Enter');
    await page.locator('[id="host.rollback"]').waitFor();
    expect(await page.getByLabel('Bearer token').inputValue()).toBe(token);
    await page.locator('[id="auth.me"] summary').click();
    await page.locator('[id="auth.me"] .try button').first().click();
    await page.getByLabel('Answer of auth.me').getByText('Olga').waitFor();
  });

  it.each([
    ['on a wide screen', wide],
    ['on a phone', phone],
    ['in the dark', { ...wide, colorScheme: 'dark' as const }],
  ])('has nothing that axe finds wrong, and nothing that hangs over, %s', async (_, screen) => {
    const page = await open(screen, '#script.save');
    await page.locator('[id="script.save"] details[open]').waitFor();
    await page.evaluate(() => {
      for (const article of document.querySelectorAll<HTMLElement>('article'))
        article.style.contentVisibility = 'visible';
    });
    expect(await violations(page)).toEqual([]);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
  });

  it('XSS runs nothing that a plugin wrote, and nothing that it answers', async () => {
    const page = await open(wide, '#evil.try');
    await page.locator('[id="evil.try"] .try button').first().click();
    await page.getByLabel('Answer of evil.try').getByText('<img src=x').waitFor();
    expect(await page.locator('main img, main svg, main script').count()).toBe(0);
    expect(await page.evaluate(() => (globalThis as { readonly evil?: number }).evil)).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  /** As a page of this node does, with the cookie. */
  async function logIn(name: string) {
    await estate.join(name);
    return post(estate.node, 'auth.login', { name, password, cookie: true }, { origin: estate.node.url });
  }
});
