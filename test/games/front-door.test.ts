/** The farm's front door in a real Chromium: by keyboard alone, for screen readers, on a phone. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../support/node.ts';
import { freePort, TextClient } from '../support/text-client.ts';
import { hasChromium, openBrowser, type Visitor, visit } from './front-door.ts';

const wide = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' } as const;
const small = { viewport: { width: 800, height: 600 } };
const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
const password = 'a hen lays eggs';

describe.skipIf(!hasChromium && !process.env.CI)('the front door', { timeout: 240_000 }, () => {
  let node: TestNode;
  let browser: Browser;
  let textPort: number;

  beforeAll(async () => {
    textPort = await freePort();
    node = await startTestNode({ game: 'farmyard', env: { ROOST_TEXT_PORT: `${textPort}` } });
    browser = await openBrowser();
  }, 90_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await node?.[Symbol.asyncDispose]();
  });

  const come = (screen: BrowserContextOptions = small) => visit(browser, node.url, screen);

  /** Registers with keys, makes a character, and comes in with it. */
  async function settle(visitor: Visitor, name: string, character: string): Promise<void> {
    await visitor.turnTo('Register');
    await visitor.fill('Name', name);
    await visitor.fill('Password', password);
    await visitor.push('Make my account');
    await visitor.fill('Name of a new character', character);
    await visitor.push('Make this character');
    await visitor.inside();
  }

  it('ACC-01 is gone through by keyboard alone: register, make a character, play, whisper, log out, log in again', async () => {
    const ben = await node.join('Ben', 'farmyard/meadow');

    const anna = await come();
    const { page } = anna;
    await settle(anna, 'Anna', 'Marigold');
    // The keys are the game's at once.
    const x = await page.evaluate(() => globalThis.farm.client.self?.x ?? 0);
    await page.keyboard.down('ArrowLeft');
    await page.waitForFunction((x) => (globalThis.farm.client.self?.x ?? x) < x - 0.5, x);
    await page.keyboard.up('ArrowLeft');

    const first = ben.next<{ from: string; text: string }>('chat');
    await anna.press('Enter');
    await anna.type('/w Ben Meet me at the pond');
    await anna.press('Enter');
    expect(await first).toMatchObject({ from: 'Marigold', text: 'Meet me at the pond', whisper: true });

    // He answers; she reads it in the panel, and her answer goes to him by itself.
    await ben.call('chat.whisper', { to: 'Marigold', text: 'I come' });
    await page.locator('#announcer', { hasText: 'Ben whispers: I come' }).waitFor();
    await anna.press('KeyT');
    await page.getByRole('tab', { name: /^Whispers/, selected: true }).waitFor();
    await page.locator('#whisper-lines', { hasText: 'I come' }).waitFor();
    const second = ben.next<{ text: string }>('chat');
    await anna.fill('Whisper to Ben', 'Bring an egg');
    await anna.press('Enter');
    expect((await second).text).toBe('Bring an egg');
    await anna.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('land');

    await anna.press('KeyO');
    await anna.push('Log out', 'Space');
    await page.getByText('You are logged out.').first().waitFor();
    expect(await page.context().cookies()).toEqual([]);
    // The name is kept, and the focus waits at the password.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('login-password');
    await anna.type(password);
    await anna.press('Enter');
    await anna.push('Play as Marigold');
    await anna.inside();
    expect(await page.evaluate(() => globalThis.farm.client.self?.name)).toBe('Marigold');
    expect(anna.complaints).toEqual([]);
  });

  it('TXT-01 MAI-01 talks with somebody at a terminal, who registers, looks around, quits, and reads mail later', async () => {
    const wilma = await come();
    const { page } = wilma;
    await settle(wilma, 'Wilma', 'Willow');

    await using typist = new TextClient(textPort);
    const until = (wanted: RegExp | string) => typist.until(wanted);
    typist.type('human');
    await until('> ');
    typist.type('register Otto');
    for (const question of ['Password', 'again']) {
      await until(question);
      typist.type(password);
    }
    expect(await until('Otto> ')).toContain('Type play to come into the game.');
    typist.type('play');
    await until('Name of your character');
    typist.type('');
    expect(await until('Otto@farmyard/meadow> ')).toContain('You are Otto in farmyard/meadow.');
    typist.type('look');
    expect(await until('meadow> ')).toContain('Willow (player)');
    typist.type('map');
    expect(await until('meadow> ')).toContain('@ you (Otto)');

    typist.type('say Good morning!');
    await page.locator('#announcer', { hasText: 'Otto: Good morning!' }).waitFor();
    await wilma.press('Enter');
    await wilma.type('Good morning, Otto');
    await wilma.press('Enter');
    await until('<Willow> Good morning, Otto');
    typist.type('tell Willow who are you?');
    await page.locator('#announcer', { hasText: 'Otto whispers: who are you?' }).waitFor();
    await wilma.press('Enter');
    await wilma.type('/w Otto a farmer');
    await wilma.press('Enter');
    await until('Willow whispers: a farmer');
    typist.type('quit');
    expect(await typist.closed()).toContain('Bye.');

    const letter = { to: 'Otto', subject: 'Eggs', text: 'Six in the basket.' };
    await page.evaluate((params) => globalThis.farm.client.call('mail.send', params), letter);
    await using later = new TextClient(textPort);
    later.type('human');
    await later.until('> ');
    later.type('login Otto');
    await later.until('Password');
    later.type(password);
    expect(await later.until('Otto> ')).toContain('you have 1 unread mail: type mail');
    later.type('mail');
    expect(await later.until('Otto> ')).toMatch(/1 new Willow .* Eggs/);
    later.type('mail read 1');
    expect(await later.until('Otto> ')).toContain('Six in the basket.');
    later.type('mail reply 1 I take them all');
    expect(await later.until('Otto> ')).toContain('Your mail is in the box of Willow.');
    later.type('mail delete 1');
    expect(await later.until('Otto> ')).toContain('is deleted');
    later.type('quit');
    await later.closed();
    const answered = await page.evaluate(() => globalThis.farm.client.call('mail.list'));
    expect(answered).toMatchObject({ unread: 1, mails: [{ from: 'Otto', subject: 'Re: Eggs' }] });
    expect(wilma.complaints).toEqual([]);
  });

  it('ACC-10 keeps the login in a cookie that no script of the page can read, and nowhere else', async () => {
    const carla = await come();
    await settle(carla, 'Carla', 'Clover');
    const [cookie] = await carla.page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    const kept = await carla.page.evaluate(() =>
      JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage), history.state]),
    );
    expect(kept).not.toContain(cookie?.value);
    // A reload takes the character back without another word.
    await carla.page.reload();
    await carla.inside();
    expect(await carla.page.evaluate(() => globalThis.farm.client.self?.name)).toBe('Clover');
  });

  it('ACC-13 the window that one opens last has the character, and the other one waits until it is wanted', async () => {
    const kim = await come();
    await settle(kim, 'Kim', 'Kale');
    const second = await kim.page.context().newPage();
    await second.goto(node.url);
    await second.waitForFunction(() => document.body.dataset.entered === 'true');
    const back = kim.page.getByRole('button', { name: 'Play here instead' });
    await back.waitFor();
    expect(await kim.page.locator('#door-news').textContent()).toBe('You play in another window now.');
    expect(await second.evaluate(() => document.body.dataset.entered)).toBe('true');
    await kim.push('Play here instead');
    await kim.page.waitForFunction(() => document.body.dataset.entered === 'true');
    await second.getByRole('button', { name: 'Play here instead' }).waitFor();
    expect(kim.complaints).toEqual([]);
  });

  it('ACC-03 says beside the field what is wrong, and goes there', async () => {
    await settle(await come(), 'Dora', 'Daisy');
    const other = await come();
    await other.turnTo('Register');
    await other.fill('Name', 'dora');
    await other.fill('Password', 'short');
    await other.push('Make my account');
    expect(await wrongHere(other)).toBe('A password has at least 8 characters.');
    await other.type(password);
    await other.push('Make my account');
    await other.page.locator('#register-name[aria-invalid]').waitFor();
    expect(await wrongHere(other)).toBe('Somebody has this name already. Try another one.');

    await other.turnTo('Log in');
    await other.fill('Name', 'Dora');
    await other.fill('Password', 'no hen at all');
    await other.press('Enter');
    await other.page.locator('#login-password[aria-invalid]').waitFor();
    expect(await wrongHere(other)).toBe('The name or the password is wrong.');
    // What was typed can be looked at, and hidden again.
    await other.push('Show: Password', 'Space');
    expect(await other.page.locator('#login-password').getAttribute('type')).toBe('text');
    await other.press('Space');
    expect(await other.page.locator('#login-password').getAttribute('type')).toBe('password');
    await other.push('Forgot your password?');
    await other.page.getByText('This farm sends no mail').waitFor();
    expect(other.complaints).toEqual([]);
  });

  it('CHT-09 friends ask, accept and see each other come and go', async () => {
    const ella = await come();
    await settle(ella, 'Ella', 'Ember');
    const fern = await node.connect();
    await fern.call('auth.register', { name: 'Finn', password });
    await fern.call('auth.login', { name: 'Finn', password });
    await fern.call('character.create', { name: 'Fern', game: 'farmyard' });
    await fern.call('character.choose', { name: 'Fern' });
    await fern.enter('farmyard/meadow');
    await fern.call('friends.add', { name: 'Ember' });
    await ella.page.locator('#announcer', { hasText: 'Fern wants to be your friend.' }).waitFor();
    const friends = fern.next<{ name: string }>('friend');
    await ella.press('KeyT');
    await ella.turnTo(/^Friends/);
    await ella.push('Accept Fern');
    expect(await friends).toMatchObject({ name: 'Ember', online: true });
    const row = ella.page.locator('.friend', { hasText: 'Fern' });
    await row.getByText('online').waitFor();
    await ella.push('Fern');
    // A name opens what can be done with somebody; Escape gives the focus back to it.
    await ella.page.getByRole('dialog', { name: 'Fern' }).waitFor();
    await ella.press('Escape');
    expect(await ella.page.evaluate(() => document.activeElement?.textContent)).toBe('Fern');
    // Who goes for good has left at once, and is seen to be away.
    await fern.call('zone.leave');
    await fern.call('auth.logout');
    await row.getByText('away').waitFor();
    expect(ella.complaints).toEqual([]);
  });

  it('ACC-22 changes password and name, and puts an account to sleep and wakes it, in the account window', async () => {
    const gus = await come();
    await settle(gus, 'Gus', 'Gale');
    const { page } = gus;
    await gus.press('KeyO');
    await open(gus, 'Change password');
    await gus.fill('Password until now', 'not this one');
    await gus.fill('New password', 'a duck swims');
    await gus.push('Change my password');
    await page.getByText('That is not your password.').waitFor();
    await gus.fill('Password until now', password);
    await gus.push('Change my password');
    await page.getByText('Your password is changed.').waitFor();
    await open(gus, 'Change name');
    await gus.fill('New name', 'Gustav');
    await gus.fill('Your password', 'a duck swims');
    await gus.push('Change my name');
    await page.getByRole('dialog', { name: 'Gustav' }).waitFor();
    await open(gus, 'Close or delete');
    await page.getByLabel('Your password', { exact: true }).last().focus();
    await gus.type('a duck swims');
    await gus.push('Put my account to sleep');
    await page.getByText('Your account sleeps.').first().waitFor();
    await gus.turnTo('Log in');
    await gus.fill('Name', 'Gustav');
    await gus.fill('Password', 'a duck swims');
    await gus.press('Enter');
    await page.locator('#login-password[aria-invalid]').waitFor();
    await gus.push('Wake a sleeping account');
    await gus.push('Delete Gale');
    await gus.push('Keep Gale');
    await gus.push('Play as Gale');
    await gus.inside();
    expect(gus.complaints).toEqual([]);
  });

  for (const [where, screen] of [
    ['a desktop', wide],
    ['a phone of 360 by 640', phone],
  ] as const) {
    it(`axe finds nothing on ${where}: title, errors, characters, the game with chat, the account`, async () => {
      const name = screen === phone ? 'Heidi' : 'Hugo';
      const visitor = await come(screen);
      const { page } = visitor;
      const found: Record<string, readonly string[]> = { title: await visitor.violations() };
      await page.click('#way-register');
      await page.fill('#register-name', '?');
      await page.click('#register-form .big');
      await page.locator('#register-name[aria-invalid]').waitFor();
      found.error = await visitor.violations();
      await page.fill('#register-name', name);
      await page.fill('#register-password', password);
      await page.click('#register-form .big');
      await page.fill('#character-name', `${name}One`);
      found.characters = await visitor.violations();
      await page.click('#character-form .big');
      await visitor.inside();
      await page.click('#talk');
      await page.fill('#line', 'Hello, hens!');
      await page.press('#line', 'Enter');
      await page.locator('#here-lines', { hasText: 'Hello, hens!' }).waitFor();
      found.chat = await visitor.violations();
      await page.click('#tab-friends');
      await page.getByRole('heading', { name: 'Online now' }).waitFor();
      found.friends = await visitor.violations();
      await page.click('#company-close');
      await page.click('#me');
      await page.locator('dialog summary').first().waitFor();
      for (const fold of await page.locator('dialog summary').all()) await fold.click();
      await page.locator('.logins li').first().waitFor();
      found.account = await visitor.violations();
      await page.getByRole('button', { name: 'Change character' }).click();
      await page.getByRole('button', { name: `Delete ${name}One` }).click();
      found.confirm = await visitor.violations();
      expect(Object.entries(found).filter(([, wrong]) => wrong.length > 0)).toEqual([]);
    });
  }

  it('fits on a phone of 360 by 640, and fingers find everything', async () => {
    const iris = await come(phone);
    const { page } = iris;
    const looks: Record<string, readonly string[]> = { title: await misfits(iris) };
    await page.click('#way-register');
    looks.register = await misfits(iris);
    await page.fill('#register-name', 'Iris');
    await page.fill('#register-password', password);
    await page.click('#register-form .big');
    await page.fill('#character-name', 'Ivy');
    looks.characters = await misfits(iris);
    await page.click('#character-form .big');
    await iris.inside();
    looks.game = await misfits(iris);
    await page.click('#talk');
    await page.click('#tab-friends');
    await page.getByRole('heading', { name: 'Online now' }).waitFor();
    looks.friends = await misfits(iris);
    await page.click('#company-close');
    await page.click('#me');
    await page.locator('dialog summary').first().waitFor();
    for (const fold of await page.locator('dialog summary').all()) await fold.click();
    looks.account = await misfits(iris);
    expect(Object.entries(looks).filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  });

  it('offers guests alone the farm where there are no accounts', async () => {
    const plugins = await mkdtemp(join(tmpdir(), 'roost-no-accounts-'));
    await mkdir(join(plugins, 'auth'));
    await writeFile(
      join(plugins, 'auth/plugin.ts'),
      `import { definePlugin } from 'roost/plugin';
      export default definePlugin({ version: '1.0.0', replaces: ['auth.me'] });`,
    );
    await writeFile(
      join(plugins, 'auth/me.ts'),
      `import { defineMethod, HostError } from 'roost/plugin';
      const none = () => { throw new HostError('call.unknown-method'); };
      export default defineMethod({ handle: none });`,
    );
    await using bare = await startTestNode({ game: 'farmyard', plugins: [plugins] });
    const jan = await visit(browser, bare.url, small);
    expect(await jan.page.getByRole('tab').count()).toBe(0);
    await jan.fill('Your name, if you like', 'Jan');
    await jan.press('Enter');
    await jan.inside();
    await jan.press('KeyO');
    await jan.push('Leave the farm');
    await jan.tabTo('button', 'Come in');
    expect(jan.complaints).toEqual([]);
    await rm(plugins, { recursive: true, force: true });
  });
});

/** What is said to be wrong with the field that has the focus. */
function wrongHere({ page }: Visitor): Promise<string> {
  return page.evaluate(() => {
    const field = document.activeElement;
    if (field?.getAttribute('aria-invalid') !== 'true') return `the focus is on ${field?.id}`;
    const [first] = (field.getAttribute('aria-describedby') ?? '').split(' ');
    return document.getElementById(first ?? '')?.textContent ?? '';
  });
}

/** Opens one part of the account window. */
async function open(visitor: Visitor, title: string): Promise<void> {
  const summary = visitor.page.locator('summary', { hasText: title });
  await summary.focus();
  await visitor.press('Enter');
}

/** What hangs over the edge, and what is too small for a finger. */
function misfits({ page }: Visitor): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) wrong.push(`${scrollWidth} wide`);
    for (const part of document.querySelectorAll<HTMLElement>('button, input, summary, [role=tab]')) {
      const { left, right, width, height } = part.getBoundingClientRect();
      const name = `${part.tagName} ${part.id || part.textContent || part.getAttribute('aria-label')}`;
      if (width === 0 || !part.checkVisibility({ visibilityProperty: true })) continue;
      if (left < 0 || right > innerWidth) wrong.push(`${name} from ${left} to ${right}`);
      // A name in a line of chat is one of many words, and may be as small as they are.
      if ((width < 43.5 || height < 43.5) && !part.matches('.lines .who'))
        wrong.push(`${name} is ${width} by ${height}`);
    }
    return wrong;
  });
}
