/** The page of the game: draws what the client library knows, and sends what you do. Save it and load the page again. */
import { distance } from 'roost';
import { CallError, connect, type MirrorObject, type PageMap, type Point } from 'roost/client';

type Shape = {
  readonly shape: string;
  readonly radius?: number;
  readonly width?: number;
  readonly height?: number;
  readonly points?: readonly Point[];
};
type Bubble = { readonly text: string; readonly until: number };

/** Pixels of the screen for a metre. */
const metre = 44;
/** Metres between the centres from which things are offered; the zone measures from edge to edge. */
const reach = 2.3;

const canvas = find('canvas') as HTMLCanvasElement;
const ink = canvas.getContext('2d') as CanvasRenderingContext2D;
const [words, score, keys, state] = [find('#words'), find('#score'), find('#keys'), find('#state')];

// A reload of the page keeps your character: its token is kept for this tab.
const storage = {
  get: () => sessionStorage.getItem('resume'),
  set: (resume: string | null) =>
    resume === null ? sessionStorage.removeItem('resume') : sessionStorage.setItem('resume', resume),
};
const client = connect({ storage });
const game = location.pathname.split('/')[1] || 'sample';

// How it stands with the connection, in a line over the picture; empty when all is well.
client.on('connect', () => setState(''));
client.on('disconnect', ({ again }) =>
  setState(again ? 'The connection broke. Coming back …' : 'You are out. Load the page again.'),
);
client.on('unreachable', ({ again }) =>
  setState(again ? 'Connecting …' : 'Nobody answers. Load the page again to try once more.'),
);
client.on('zone', ({ state }) =>
  setState(state === 'recovering' ? 'The place fell over and is getting up again …' : ''),
);

function setState(text: string): void {
  state.textContent = text;
}

// Each zone has a map: the first one, and one that a portal leads to.
let map: PageMap | undefined;
let zone = '';
client.on('snapshot', ({ z }) => {
  sent = ''; // whoever comes in stands still, also where a key is still held
  if (z !== zone) show(z).catch((error: unknown) => setState(String(error)));
});

async function show(id: string): Promise<void> {
  // `castle/court`, and also `castle/court#2`.
  const [of, name] = id.split(/[/#@~]/);
  map = (await (await fetch(`/${of}/map/${name}.json`)).json()) as PageMap;
  zone = id;
}

void client.enter(game).catch((error: unknown) => setState(error instanceof Error ? error.message : String(error)));

// What is said and told.
const bubbles = new Map<string, Bubble>();
const pops: { readonly x: number; readonly y: number; readonly text: string; readonly at: number }[] = [];
client.on('say', ({ i, text }) => bubbles.set(i, { text, until: performance.now() + 4000 }));
client.on('tell', ({ text }) => tell(text));
client.on('notice', ({ code, message }) => code !== 'session.unknown-resume' && tell(message));
client.on('emit', ({ name, data }) => {
  if (name === 'welcome') tell(`${(data as { name: string }).name} is here.`);
});
client.on('effect', ({ i, name }) => {
  const object = client.objects.get(i) ?? client.self;
  if (object) pops.push({ x: object.drawn.x, y: object.drawn.y, text: name, at: performance.now() });
});

function tell(text: string): void {
  words.textContent = text;
}

/** Runs what may be refused, and shows the answer either way. */
async function attempt(work: Promise<unknown>): Promise<void> {
  try {
    const answer = (await work) as { result?: unknown } | undefined;
    const result = answer?.result as { results?: readonly unknown[] } | string | null;
    const shown = typeof result === 'string' ? result : result?.results?.join(' ');
    if (shown) tell(shown);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    tell(error.message);
  }
}

// Walking: keys, or the pointer that is held.
const down = new Set<string>();
let pointer: Point | null = null;
let sent = '';
const ways: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  KeyA: { x: -1, y: 0 },
  KeyD: { x: 1, y: 0 },
  KeyW: { x: 0, y: -1 },
  KeyS: { x: 0, y: 1 },
};

addEventListener('keydown', (event) => {
  // Keys with Ctrl are the browser's, and a button that has the focus is pressed by the space bar itself.
  const isPress = event.code === 'Space' && event.target instanceof HTMLButtonElement;
  if (event.repeat || event.ctrlKey || event.metaKey || isPress) return;
  down.add(event.code);
  if (event.code === 'KeyE' || event.code === 'Space') (keys.querySelector('button') as HTMLElement | null)?.click();
});
addEventListener('keyup', (event) => down.delete(event.code));
addEventListener('blur', () => down.clear());
canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointer = event;
});
canvas.addEventListener('pointermove', (event) => {
  if (pointer) pointer = event;
});
for (const end of ['pointerup', 'pointercancel'] as const) canvas.addEventListener(end, () => (pointer = null));

function steer(): void {
  let [x, y] = [0, 0];
  for (const code of down) {
    x += ways[code]?.x ?? 0;
    y += ways[code]?.y ?? 0;
  }
  if (pointer) {
    const { clientX, clientY } = pointer as PointerEvent;
    [x, y] = [clientX - innerWidth / 2, clientY - innerHeight / 2];
    const far = Math.hypot(x, y);
    [x, y] = far < 20 ? [0, 0] : [x / far, y / far];
  }
  const input = { x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100 };
  if (JSON.stringify(input) === sent) return;
  sent = JSON.stringify(input);
  client.input(input);
}

// What can be done now: scripts say what their kinds offer, and the nearest that offers something is offered. Hands come last.
type Offer = { readonly text: string; readonly method: string | null };
type Told = {
  readonly activates: boolean;
  readonly methods: readonly {
    readonly name: string;
    readonly label: string;
    readonly allow: string;
    readonly params: { readonly [name: string]: string };
  }[];
};
const offers = new Map<string, readonly Offer[]>();
let offered = '';

/** Asks once for each kind; a button can name no params, so what wants some is left to a page that asks for them. */
async function learn(kind: string): Promise<void> {
  offers.set(kind, []);
  const { kinds } = (await client.call('object.methods', { kinds: [kind] })) as unknown as { readonly kinds: [Told] };
  const [{ activates, methods }] = kinds;
  const free = methods.filter(
    ({ allow, params }) => allow === 'reach' && Object.values(params).every((type) => type.endsWith('?')),
  );
  offers.set(kind, [
    ...(activates ? [{ text: '', method: null }] : []),
    ...free.map(({ name, label }) => ({ text: label || name, method: name })),
  ]);
}

function offer(): void {
  const { self } = client;
  const near = self && nearest(self);
  const can = near ? (offers.get(near.kind) ?? []) : [];
  const carries =
    self && [...client.objects.values()].some((object) => object.holder === self.id && object.kind === 'apple');
  const now = `${near?.id} ${can.length} ${carries}`;
  if (now === offered) return;
  offered = now;
  keys.replaceChildren();
  for (const { text, method } of can) {
    if (!near) break;
    const key = keys.childElementCount === 0 ? ' (E)' : '';
    const words = text === '' ? nameOf(near) : `${text}: ${nameOf(near)}`;
    button(`${words}${key}`, () => (method === null ? client.activate(near.id) : client.act(near.id, method)));
  }
  if (self && carries) button('Eat an apple', () => client.act(self.id, 'eat'));
}

function nearest(self: MirrorObject): MirrorObject | undefined {
  const around = [...client.objects.values()].filter(
    (object) => object !== self && object.holder === null && distance(object.drawn, self.drawn) < reach,
  );
  for (const { kind } of around) if (!offers.has(kind)) void attempt(learn(kind));
  return around
    .filter(({ kind }) => offers.get(kind)?.length)
    .sort((a, b) => distance(a.drawn, self.drawn) - distance(b.drawn, self.drawn))[0];
}

function button(text: string, work: () => Promise<unknown>): void {
  const made = document.createElement('button');
  made.textContent = text;
  made.addEventListener('click', () => void attempt(work()));
  keys.append(made);
}

// Drawing, once for each frame of the screen.
function draw(now: number): void {
  client.frame(now);
  steer();
  offer();
  const eaten = `${client.world.eaten ?? 0} apples eaten here`;
  if (score.textContent !== eaten) score.textContent = eaten;
  const ratio = devicePixelRatio;
  canvas.width = innerWidth * ratio;
  canvas.height = innerHeight * ratio;
  const { x, y } = client.self?.drawn ?? { x: 0, y: 0 };
  ink.setTransform(
    metre * ratio,
    0,
    0,
    metre * ratio,
    canvas.width / 2 - x * metre * ratio,
    canvas.height / 2 - y * metre * ratio,
  );
  if (map) ground(map);
  const objects = [...client.objects.values()].filter((object) => object.holder === null);
  objects.sort((a, b) => sizeOf(a) - sizeOf(b) || a.drawn.y - b.drawn.y);
  for (const object of objects) figure(object);
  for (const object of objects) label(object, now);
  for (const pop of pops) text(pop.text, pop.x, pop.y - 1 - (now - pop.at) / 1000, '#2c3a2499');
  while (pops[0] && now - pops[0].at > 900) pops.shift();
  requestAnimationFrame(draw);
}

function ground(map: PageMap): void {
  ink.fillStyle = '#bcd99c';
  ink.fillRect(0, 0, map.width, map.height);
  ink.fillStyle = '#b1d08f';
  for (let row = 0; row < map.height; row++)
    for (let column = row % 2; column < map.width; column += 2) ink.fillRect(column, row, 1, 1);
  for (const { points, closed } of map.solids) {
    trace({ shape: 'polygon', points });
    ink.strokeStyle = ink.fillStyle = points.length > 8 ? '#7fb4cf' : '#6d8f52';
    ink.lineWidth = 0.12;
    if (closed) ink.fill();
    ink.stroke();
  }
}

function figure({ look, body, drawn, scale }: MirrorObject): void {
  const given = (typeof look === 'object' && look !== null ? look : {}) as {
    color?: string;
    shape?: string;
    size?: number;
    width?: number;
    height?: number;
  };
  const size = given.size ?? 0.6;
  const shape: Shape = given.shape
    ? { shape: given.shape, radius: size / 2, width: given.width ?? size, height: given.height ?? size }
    : ((body as Shape | null) ?? { shape: 'circle', radius: 0.3 });
  ink.save();
  ink.translate(drawn.x, drawn.y);
  ink.scale(scale, scale);
  ink.rotate(drawn.angle);
  ink.shadowColor = '#2c3a2444';
  [ink.shadowBlur, ink.shadowOffsetY] = [8, 5];
  trace(shape);
  ink.fillStyle = given.color ?? '#b98d5f';
  ink.fill();
  ink.restore();
}

function trace(shape: Shape): void {
  ink.beginPath();
  if (shape.shape === 'circle') ink.arc(0, 0, shape.radius ?? 0.3, 0, 7);
  else if (shape.shape === 'box')
    ink.roundRect(-(shape.width ?? 1) / 2, -(shape.height ?? 1) / 2, shape.width ?? 1, shape.height ?? 1, 0.08);
  else for (const { x, y } of shape.points ?? []) ink.lineTo(x, y);
  if (shape.points) ink.closePath();
}

function label(object: MirrorObject, now: number): void {
  const { x, y } = object.drawn;
  if (object.owner !== null || object.name) text(object.name, x, y - 0.6, '#2c3a24');
  const bubble = bubbles.get(object.id);
  if (bubble && bubble.until > now) text(`“${bubble.text}”`, x, y - 1, '#5a2c24');
}

function text(line: string, x: number, y: number, color: string): void {
  ink.fillStyle = color;
  ink.font = '0.34px system-ui, sans-serif';
  ink.textAlign = 'center';
  ink.fillText(line, x, y);
}

function sizeOf({ look }: MirrorObject): number {
  return typeof look === 'object' && look !== null ? Number((look as { size?: number }).size ?? 0.5) : 0.5;
}

function nameOf({ look, kind }: MirrorObject): string {
  return (typeof look === 'object' && look !== null && (look as { label?: string }).label) || kind;
}

function find(selector: string): HTMLElement {
  return document.querySelector(selector) as HTMLElement;
}

requestAnimationFrame(draw);
