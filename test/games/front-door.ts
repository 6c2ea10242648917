/** A browser at the farm's front door, for tests: complaints of the page, keys alone, and what axe says. */
import { existsSync } from 'node:fs';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Client } from '../../core/client/client.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const hasChromium = existsSync(executablePath);
if (!hasChromium) console.warn(`No Chromium at ${executablePath}: the front door is not tested. Set CHROMIUM.`);

/** What the page leaves for the curious. */
declare global {
  var farm: { readonly client: Client };
}

export function openBrowser(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet] });
}

/** A visitor of his own. What the page complains of is collected. */
export async function visit(browser: Browser, url: string, screen: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext(screen);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  // A refused login is an answer of 200; what the browser itself reports is something missing.
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(url);
  await page.locator('#door[data-view]').waitFor();
  return new Visitor(page, complaints);
}

export class Visitor {
  readonly page: Page;
  readonly complaints: readonly string[];

  constructor(page: Page, complaints: readonly string[]) {
    this.page = page;
    this.complaints = complaints;
  }

  /** Goes on with Tab until the focus is on the element with this role and name, as a screen reader says them. */
  async tabTo(role: Parameters<Page['getByRole']>[0], name: string | RegExp): Promise<void> {
    const wanted = this.page.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first();
    await wanted.waitFor();
    const way: string[] = [];
    for (let steps = 0; steps < 60; steps++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.press('Tab');
      way.push(
        await this.page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || '?'),
      );
    }
    throw new Error(`Tab does not lead to the ${role} "${name}": ${way.join(', ')}`);
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Goes to a field and writes into it, in the place of what stands there. */
  async fill(name: string | RegExp, text: string): Promise<void> {
    await this.tabTo('textbox', name);
    await this.press('ControlOrMeta+a');
    await this.type(text);
  }

  /** Goes to a button and presses it. */
  async push(name: string | RegExp, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await this.tabTo('button', name);
    await this.press(key);
  }

  /** Chooses one of the tabs with arrow keys. */
  async turnTo(name: string | RegExp): Promise<void> {
    await this.page.getByRole('tab', { name }).waitFor();
    for (let steps = 0; steps < 60; steps++) {
      if ((await this.page.evaluate(() => document.activeElement?.getAttribute('role'))) === 'tab') break;
      await this.press('Tab');
    }
    for (let steps = 0; steps < 4; steps++) {
      if (await this.page.getByRole('tab', { name, selected: true }).isVisible()) return;
      await this.press('ArrowRight');
    }
    throw new Error(`There is no tab "${name}"`);
  }

  /** The character is on the farm, and has the keys. */
  async inside(): Promise<void> {
    await this.page.waitForFunction(() => globalThis.farm.client.self !== undefined);
    await this.page.waitForFunction(() => document.body.dataset.entered === 'true');
  }

  /** What axe finds wrong by WCAG 2.0, 2.1 and 2.2 A and AA, in short. */
  async violations(): Promise<string[]> {
    // A window that still fades in has other colours than a moment later.
    await this.page.evaluate(() => document.querySelector('dialog')?.getAnimations()[0]?.finished);
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
