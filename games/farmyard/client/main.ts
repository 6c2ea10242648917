/** The page of the farmyard: connects, asks for a name, and draws the farm sixty times a second. */
import { connect } from 'roost/client';
import { henChips } from './drawer/chips.ts';
import { Drawer } from './drawer/drawer.ts';
import { reloadOnLink, takeToken } from './drawer/token.ts';
import { Controls, type Wish } from './hud/controls.ts';
import { Labels } from './hud/labels.ts';
import { part } from './hud/page.ts';
import { Panel } from './hud/panel.ts';
import { Sound } from './hud/sound.ts';
import { replyText, Talk } from './hud/talk.ts';
import { Effects } from './world/effects.ts';
import { Flock } from './world/flock.ts';
import { FarmMap } from './world/map.ts';
import { Stage } from './world/stage.ts';
import { type Use, Uses } from './world/use.ts';

/** The page of a copied game plays the copy: `/my-farm/` enters `my-farm/meadow`. */
const home = `${location.pathname.split('/')[1] || 'farmyard'}/meadow`;
const walking = 3.2;
const running = 5.6;

const token = 'farmyard-resume';
const dev = takeToken();
const client = connect({
  dev,
  storage: {
    get: () => sessionStorage.getItem(token),
    set: (resume) => (resume === null ? sessionStorage.removeItem(token) : sessionStorage.setItem(token, resume)),
  },
});
const stage = new Stage(part<HTMLCanvasElement>('land'));
const flock = new Flock(client, stage.particles);
const labels = new Labels();
const sound = new Sound();
const panel = new Panel(client);
const uses = new Uses(client);
const drawer = new Drawer(client, {
  tabs: part('tools'),
  game: home.split('/')[0] ?? '',
  kind: 'chicken',
  all: 'hens',
  chips: henChips,
  moved: () => resize(),
});
const talk = new Talk(client, (text) => tellMe(text));
const effects = new Effects(client, flock, stage, sound, toast);

let t = 0;
let use: Use | undefined;
let sent: Wish = { x: 0, y: 0, run: false };
let hour = 9;

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
  done.then(
    (reply) => {
      const text = replyText(reply);
      if (text !== '') answer(id, text);
    },
    (error: unknown) => tellMe(error instanceof Error ? error.message : String(error)),
  );
}

/** With full hands and nothing to use, the action puts down what is carried. */
function putDown(): Use | undefined {
  const { me } = flock;
  return me !== undefined && me.carries > 0 ? { target: me, verb: 'Put down', method: 'drop' } : undefined;
}

/** What somebody says to this player alone goes over their head; what a thing has to tell, below the picture. */
function answer(id: string, text: string): void {
  if (flock.find(id)?.thing.kind === 'farmhand') labels.say(id, text, t, false, true);
  else tellMe(text);
}

let captionUntil = 0;
function tellMe(text: string): void {
  part('caption').textContent = text;
  part('caption').hidden = false;
  captionUntil = t + 2 + text.length * 0.06;
}

function gesture(name: string): void {
  const { me } = flock;
  if (me !== undefined) client.act(me.thing.id, 'gesture', { name }).catch((error: unknown) => tellMe(String(error)));
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
  else if (code === 'Enter') talk.open();
  else if (code === 'KeyM') sound.toggle();
  else if (code === 'KeyP') panel.toggle();
  else if (code === 'Escape') talk.hush();
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
  client.on('snapshot', ({ z }) => void arrive(z));
  client.on('disconnect', ({ again, reason }) => {
    if (document.body.dataset.entered !== 'true') return; // still at the door: coming in connects again
    state(again ? 'The farm is coming back…' : `You left the farm (${reason}). Reload the page to come back.`);
  });
  client.on('connect', () => {
    state('');
    // Every connection asks anew: the node may have been started again.
    void watch();
    if (dev !== undefined) void drawer.offer();
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
  });
  client.on('say', ({ i, n, text, p }) => {
    labels.say(i, text, t, p !== 1);
    if (p === 1) talk.heard(n, text);
    const figure = flock.find(i);
    if (figure?.thing.kind === 'chicken') sound.play('cluck', effects.far(figure));
  });
  client.on('tell', ({ i, text }) => answer(i, text));
  client.on('ask', (question) => talk.ask(question, (text) => text !== '' && answer(question.i, text)));
  client.on('appear', ({ kind }) => {
    if (!uses.knows(kind) && client.self !== undefined) void uses.learn();
  });
  client.on('watch', ({ what }) => {
    if (what === 'reload') void uses.learn();
  });
  client.on('chat', ({ from, text }) => talk.heard(from, text));
}

/** A snapshot came: of a zone that is shown already, or of another one. */
async function arrive(zone: string): Promise<void> {
  document.body.dataset.zone = zone;
  if (stage.map?.zone === zone) return;
  labels.clear();
  talk.hush();
  stage.show(await FarmMap.load(zone));
  await uses.learn();
}

async function enter(name: string): Promise<void> {
  const button = part<HTMLButtonElement>('enter');
  button.disabled = true;
  part('trouble').textContent = '';
  try {
    await client.enter(home, name === '' ? undefined : name);
    localStorage.setItem('farmyard-name', name);
    begin();
  } catch (error) {
    part('trouble').textContent = error instanceof Error ? error.message : String(error);
  }
  button.disabled = false;
}

function begin(): void {
  part('door').hidden = true;
  document.body.dataset.entered = 'true';
  controls.enable();
  part('land').focus({ preventScroll: true });
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
  turnClock(dt);
  stage.draw(flock.all, client.self, hour, t, dt, {
    target: use?.target,
    goal: controls.goal,
    picked: panel.picked === undefined ? undefined : flock.find(panel.picked),
  });
  labels.update(flock.all, me, stage.camera, t, use);
  panel.update(t);
  if (t > captionUntil) part('caption').hidden = true;
  sound.ambient(t, stage.light.dark, stage.map.inside);
  showHud();
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The zone says the hour now and then; between, the clock here runs after it. */
function turnClock(dt: number): void {
  const told = client.world.hour;
  if (typeof told !== 'number') return;
  const off = ((told - hour + 36) % 24) - 12;
  hour = Math.abs(off) > 2 ? told : (hour + off * Math.min(1, dt * 0.8) + 24) % 24;
}

let shown = '';
function showHud(): void {
  const { red, blue } = scoreNow();
  const button = use ?? putDown();
  const clock = `${String(Math.floor(hour)).padStart(2, '0')}:${String(Math.floor((hour % 1) * 6) * 10).padStart(2, '0')}`;
  const now = [clock, red, blue, button?.verb, stage.light.dark > 0.5, stage.map?.inside].join();
  if (now === shown) return;
  shown = now;
  part('hour').textContent = stage.map?.inside ? 'In the barn' : clock;
  document.body.classList.toggle('night', stage.light.dark > 0.5 && stage.map?.inside === false);
  part('score').hidden = red === undefined;
  part('red').textContent = String(red ?? 0);
  part('blue').textContent = String(blue ?? 0);
  const act = part('act');
  act.hidden = button === undefined || !document.body.classList.contains('touch');
  act.textContent = button?.verb ?? '';
}

function scoreNow(): { red?: number; blue?: number } {
  const board = [...client.objects.values()].find(({ kind }) => kind === 'scoreboard');
  const { red, blue } = board?.state ?? {};
  return typeof red === 'number' && typeof blue === 'number' ? { red, blue } : {};
}

/** Before anybody came in, the meadow lies there already, without its animals. */
async function preview(): Promise<void> {
  const map = await FarmMap.load(home);
  if (stage.map !== undefined) return;
  stage.show(map);
  const spawn = map.areas.get('spawn');
  stage.camera.follow(spawn?.x ?? 20, spawn?.y ?? 14, map, 1);
}

/** The drawer takes its part of the window; the land has the rest. */
function resize(): void {
  const { clientWidth, clientHeight } = part('land');
  stage.resize(clientWidth, clientHeight, devicePixelRatio);
}
addEventListener('resize', resize);
resize();
stage.particles.calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
for (const button of document.querySelectorAll<HTMLElement>('[data-gesture]'))
  button.addEventListener('click', () => gesture(button.dataset.gesture ?? ''));
part<HTMLInputElement>('name').value = localStorage.getItem('farmyard-name') ?? '';
part('door').addEventListener('submit', (event) => {
  event.preventDefault();
  void enter(part<HTMLInputElement>('name').value.trim());
});
// The character of this tab was taken back: no need to knock again.
client.on('resumed', begin);
listen();
reloadOnLink();
// For the curious: type `await roost.call('host.stats')` or `farm.stage` into the browser's console.
Object.assign(globalThis, { roost: client, farm: { client, stage } });
preview().catch((error: unknown) => state(String(error)));
requestAnimationFrame(frame);
