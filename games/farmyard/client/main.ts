/** The page of the farmyard: connects, opens the front door, and draws the farm sixty times a second. */
import { connect } from 'roost/client';
import { openAccount } from './account/account.ts';
import { avatarPicture } from './account/avatars.ts';
import { Company } from './company/company.ts';
import { Accounts } from './door/accounts.ts';
import { Door, type Way } from './door/door.ts';
import { henChips } from './drawer/chips.ts';
import { Drawer } from './drawer/drawer.ts';
import { reloadOnLink, takeToken } from './drawer/token.ts';
import { Controls, type Wish } from './hud/controls.ts';
import { Labels } from './hud/labels.ts';
import { announce, part } from './hud/page.ts';
import { Panel } from './hud/panel.ts';
import { Questions, replyText } from './hud/questions.ts';
import { Sound } from './hud/sound.ts';
import { Status } from './hud/status.ts';
import { forTab } from './parts/kept.ts';
import { inWords } from './parts/words.ts';
import { Effects } from './world/effects.ts';
import { Flock } from './world/flock.ts';
import { FarmMap } from './world/map.ts';
import { Stage } from './world/stage.ts';
import { Title } from './world/title.ts';
import { type Use, Uses } from './world/use.ts';

/** The page of a copied game plays the copy: `/my-farm/` enters `my-farm/meadow`. */
const game = location.pathname.split('/')[1] || 'farmyard';
const home = `${game}/meadow`;
const walking = 3.2;
const running = 5.6;

const token = 'farmyard-resume';
const dev = takeToken();
const client = connect({
  dev,
  storage: { get: () => forTab.get(token), set: (resume) => forTab.set(token, resume) },
});
const stage = new Stage(part<HTMLCanvasElement>('land'));
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const title = new Title(stage, calm);
const status = new Status(client, stage);
const flock = new Flock(client, stage.particles);
const labels = new Labels();
const sound = new Sound();
const panel = new Panel(client);
const uses = new Uses(client);
const drawer = new Drawer(client, {
  tabs: part('tools'),
  game,
  kind: 'chicken',
  all: 'hens',
  chips: henChips,
  moved: () => resize(),
});
const questions = new Questions(client);
const company = new Company(client, (text) => tellMe(text));
const accounts = new Accounts(client, game);
const door = new Door(accounts, {
  enter: async (name) => {
    await client.enter(home, name === '' ? undefined : name);
    begin();
  },
  play: async (name) => {
    await client.choose(name);
    await client.enter(home);
    begin();
  },
  comeBack: async () => {
    await client.reconnect();
    await door.open();
  },
  settings: () => showAccount(),
});
const effects = new Effects(client, flock, stage, sound, toast);

let t = 0;
let use: Use | undefined;
const still: Wish = { x: 0, y: 0, run: false };
/** What the server was told last. */
let sent = still;

const controls = new Controls(stage.camera, {
  at: (x, y) => uses.at(x, y, flock.all),
  canReach: (figure) => uses.reaches(flock.me, figure),
  use: (figure) => perform(uses.of(figure)),
  act: () => perform(use ?? putDown()),
  command,
});

/** Uses a thing; what it gives back is for this player alone. */
function perform(what: Use | undefined): void {
  if (what === undefined) return;
  const { id } = what.target.thing;
  const done = what.method === undefined ? client.activate(id) : client.act(id, what.method);
  done.then((reply) => {
    const text = replyText(reply);
    if (text !== '') answer(id, text);
  }, mention);
}

/** With full hands and nothing to use, the action puts down what is carried. */
function putDown(): Use | undefined {
  const { me } = flock;
  return me !== undefined && me.carries > 0 ? { target: me, verb: 'Put down', method: 'drop' } : undefined;
}

/** What somebody says to this player alone goes over their head; what a thing has to tell, below the picture. */
function answer(id: string, text: string): void {
  const thing = flock.find(id)?.thing;
  if (thing?.kind !== 'farmhand') return tellMe(text);
  labels.say(id, text, t, false, true);
  announce(`${thing.name}: ${text}`);
}

let captionUntil = 0;
function tellMe(text: string): void {
  part('caption').textContent = text;
  part('caption').hidden = false;
  captionUntil = t + 2 + text.length * 0.06;
  announce(text);
}

function gesture(name: string): void {
  const { me } = flock;
  if (me !== undefined) client.act(me.thing.id, 'gesture', { name }).catch(mention);
}

const gestures = new Map([
  ['KeyC', 'clap'],
  ['KeyV', 'wave'],
  ['KeyB', 'dance'],
]);

/** Keys that are no walking. @returns whether the key meant something. */
function command(code: string): boolean {
  const name = gestures.get(code);
  if (name !== undefined) gesture(name);
  else if (code === 'Enter') company.talk();
  else if (code === 'KeyT') company.open();
  else if (code === 'KeyO') showAccount();
  else if (code.startsWith('Digit')) return questions.choose(Number(code.slice(5)));
  else if (code === 'KeyM') sound.toggle();
  else if (code === 'KeyP') panel.toggle();
  else if (code === 'Escape') questions.hush();
  else if (code === 'KeyQ') perform(putDown());
  else return false;
  return true;
}

function toast(line: string): void {
  const box = part('toast');
  box.classList.remove('on');
  box.textContent = line;
  // Reading a size lets the browser see the class go before it comes again.
  void box.offsetWidth;
  box.classList.add('on');
}

/** A friendly line while the world is not there. An empty text takes it away. */
function state(text: string): void {
  part('state').hidden = text === '';
  part('state').textContent = text;
}

function listen(): void {
  client.on('snapshot', ({ z }) => {
    // Whoever comes in stands still there, also where a key is still held.
    sent = still;
    arrive(z).catch(showError);
  });
  client.on('disconnect', ({ again, reason }) => {
    if (!isInside()) return; // still at the door: coming in connects again
    const news = farewells.get(reason) ?? `You left the farm (${reason}).`;
    if (again) state('The farm is coming back…');
    else if (reason === 'session.replaced' || reason === 'session.elsewhere') {
      // Connecting would take the character from that window again.
      rest();
      door.pause(news);
    } else leave(news).catch(showError);
  });
  client.on('connect', () => {
    state('');
    // Every connection asks anew: the node may have been started again.
    void watch();
    if (dev !== undefined) void drawer.offer();
    if (!isInside() && !client.isReturning) door.connected().catch(showError);
  });
  client.on('unreachable', ({ reason, again }) => {
    if (!again) state(farewells.get(reason) ?? `The farm cannot be reached (${reason}). Come in to try again.`);
  });
  client.on('zone', (message) => {
    const lines = {
      entering: '',
      running: '',
      recovering: 'The farm fell over and is getting up again…',
      moving: 'Through the door…',
      closed: 'This part of the farm is closed.',
    };
    state(lines[message.state]);
  });
  client.on('notice', ({ code, message }) => {
    if (code !== 'session.unknown-resume') state(message);
    else if (!isInside()) door.connected().catch(showError);
  });
  client.on('say', ({ i, n, text, p }) => {
    labels.say(i, text, t, p !== 1);
    if (p === 1) company.heard(n, text);
    const figure = flock.find(i);
    if (figure?.thing.kind === 'chicken') sound.play('cluck', effects.far(figure));
  });
  client.on('tell', ({ i, text }) => answer(i, text));
  client.on('ask', (question) => questions.ask(question, (text) => text !== '' && answer(question.i, text)));
  client.on('appear', ({ kind }) => {
    if (isInside() && !uses.knows(kind) && client.self !== undefined) uses.learn().catch(mention);
  });
  client.on('watch', ({ what }) => {
    if (isInside() && what === 'reload') uses.learn().catch(mention);
  });
  client.on('chat', ({ from, text, at, whisper, room }) => {
    if (whisper) company.whispered(from, text, at);
    else company.heard(from, text, at, room === undefined ? '' : `in ${room}`);
  });
  client.listen('friend', (data) => {
    const { name, online } = data as { readonly name: string; readonly online: boolean };
    company.friendsChanged(online ? `${name} is on the farm.` : `${name} has left.`);
  });
  client.listen('friend-request', (data) => {
    company.friendsChanged(`${(data as { readonly from: string }).from} wants to be your friend.`);
  });
  client.listen('friend-removed', (data) => {
    company.friendsChanged(`${(data as { readonly name: string }).name} is no friend of yours any more.`);
  });
}

/** A snapshot came: of a zone that is shown already, or of another one. */
async function arrive(zone: string): Promise<void> {
  document.body.dataset.zone = zone;
  if (stage.map?.zone !== zone) {
    labels.clear();
    questions.hush();
    stage.show(await FarmMap.load(zone));
  }
  if (isInside()) await uses.learn();
}

const isInside = () => document.body.dataset.entered === 'true';
const showError = (error: unknown) => state(inWords(error));
/** Of what went wrong beside the game: told once, and the game goes on. */
const mention = (error: unknown) => tellMe(inWords(error));

/** Why the server ended it, for who has to be told. */
const farewells = new Map([
  ['session.logged-out', 'You are logged out.'],
  ['session.replaced', 'You play in another window now.'],
  ['session.elsewhere', 'You are here already, in another window.'],
  ['session.time-over', 'Your time as a guest is over. Thank you for coming!'],
  ['session.too-fast', 'That was too fast for the farm. Come in again.'],
  ['session.full', 'The farm is full right now. Try again in a while.'],
  ['client.unreachable', 'The farm cannot be reached. Come in to try again.'],
  ['admin.kicked', 'Somebody who looks after the farm showed you the door.'],
  ['admin.banned', 'Somebody who looks after the farm closed it to you for now.'],
  ['session.barred', 'This farm is closed to you.'],
  ['session.idle', 'The door fell shut. Come in again.'],
]);

/** Somebody is on the farm: the door is closed behind him. */
function begin(): void {
  door.close();
  document.body.dataset.entered = 'true';
  for (const id of ['bar', 'gestures']) part(id).inert = false;
  controls.enable();
  part('land').focus({ preventScroll: true });
  announce(`You are on the farm${client.self === undefined ? '' : `, ${client.self.name}`}. Arrow keys walk.`);
  uses.learn().catch(mention);
  company.begin().catch(mention);
  accounts.avatar().then(showAvatar, () => showAvatar(''));
}

/** What is there to play with goes away. */
function rest(): void {
  delete document.body.dataset.entered;
  for (const id of ['bar', 'gestures']) part(id).inert = true;
  controls.disable();
  company.end();
  questions.hush();
  labels.clear();
  part('caption').hidden = true;
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
}

/** Back to the title; the character goes to rest. */
async function leave(news = '', way?: Way): Promise<void> {
  if (isInside()) {
    rest();
    if (client.stats.connected) await client.leave();
    else await client.reconnect();
    await preview();
  }
  await door.open(news, way);
}

function showAccount(): void {
  openAccount({ accounts, isPlaying: isInside, leave, avatarChanged: showAvatar }).catch(showError);
}

function showAvatar(avatar: string): void {
  part('me-avatar').replaceChildren(...(avatar === '' ? [] : [avatarPicture(avatar, 38)]));
  part('me').classList.toggle('has-avatar', avatar !== '');
}

/** News of scripts, for the side panel. */
async function watch(): Promise<void> {
  await panel.watch();
  await client.ping();
}

function frame(nowMs: number): void {
  requestAnimationFrame(frame);
  const dt = Math.min(0.1, Math.max(0.001, nowMs / 1000 - t));
  t = nowMs / 1000;
  client.frame(nowMs);
  door.draw(t, dt, calm);
  if (!isInside()) return title.draw(t);
  const { me } = flock;
  const wish = controls.read(me, dt);
  if (Math.hypot(wish.x - sent.x, wish.y - sent.y) > 0.03 || wish.run !== sent.run) {
    sent = wish;
    client.input({ x: round(wish.x), y: round(wish.y), run: wish.run });
  }
  const speed = wish.run ? running : walking;
  flock.update(t, dt, { x: wish.x * speed, y: wish.y * speed });
  if (stage.map === undefined) return;
  if (me !== undefined) stage.camera.follow(me.x, me.y - 0.4, stage.map, dt);
  use = uses.nearest(me, flock.all);
  stage.draw(flock.all, client.self, status.hour, t, dt, {
    target: use?.target,
    goal: controls.goal,
    picked: panel.picked === undefined ? undefined : flock.find(panel.picked),
  });
  labels.update(flock.all, me, stage.camera, t, use);
  panel.update(t);
  if (t > captionUntil) part('caption').hidden = true;
  sound.ambient(t, stage.light.dark, stage.map.inside);
  status.update(t, dt, use ?? putDown());
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Before anybody came in, the meadow lies there already. */
async function preview(): Promise<void> {
  if (stage.map?.zone === home) return;
  const map = await FarmMap.load(home);
  if (!isInside()) stage.show(map);
}

/** The drawer takes its part of the window; the land has the rest. */
function resize(): void {
  const { clientWidth, clientHeight } = part('land');
  stage.resize(clientWidth, clientHeight, devicePixelRatio);
}
addEventListener('resize', resize);
resize();
stage.particles.calm = calm;
for (const button of document.querySelectorAll<HTMLElement>('[data-gesture]'))
  button.addEventListener('click', () => gesture(button.dataset.gesture ?? ''));
part('me').addEventListener('click', () => showAccount());
// The character of this tab was taken back: no need to knock again.
client.on('resumed', begin);
listen();
reloadOnLink();
// For the curious: type `await roost.call('host.stats')` or `farm.stage` into the browser's console.
Object.assign(globalThis, { roost: client, farm: { client, stage } });
preview().catch(showError);
requestAnimationFrame(frame);
