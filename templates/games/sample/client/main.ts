/** The page of the game: draws what the client library knows, and sends what you do. Save it and load the page again. */
import { CallError, connect, type MirrorObject } from 'roost/client';

type Point = { readonly x: number; readonly y: number };
type Shape = {
  readonly shape: string;
  readonly radius?: number;
  readonly width?: number;
  readonly height?: number;
  readonly points?: readonly Point[];
};
type Map_ = {
  readonly width: number;
  readonly height: number;
  readonly solids: readonly { readonly points: readonly Point[]; readonly closed: boolean }[];
};
type Bubble = { readonly text: string; readonly until: number };

/** Pixels of the screen for a metre. */
const metre = 44;
/** Metres between the centres from which things are offered; the zone measures from edge to edge. */
const reach = 2.3;

const canvas = find('canvas') as HTMLCanvasElement;
const ink = canvas.getContext('2d') as CanvasRenderingContext2D;
const [words, score, keys] = [find('#words'), find('#score'), find('#keys')];

// A reload of the page keeps your character: its token is kept for this tab.
const storage = {
  get: () => sessionStorage.getItem('resume'),
  set: (resume: string | null) => (resume === null ? sessionStorage.clear() : sessionStorage.setItem('resume', resume)),
};
const client = connect({ storage });
const game = location.pathname.split('/')[1] || 'sample';
const { zone } = await client.enter(game);
const map = (await (await fetch(`/${game}/map/${zone.split('/')[1]}.json`)).json()) as Map_;

// What is said and told.
const bubbles = new Map<string, Bubble>();
const pops: { readonly x: number; readonly y: number; readonly text: string; readonly at: number }[] = [];
client.on('say', ({ i, text }) => bubbles.set(i, { text, until: performance.now() + 4000 }));
client.on('tell', ({ text }) => tell(text));
client.on('notice', ({ message }) => tell(message));
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
    const answer = (await work) as { result?: unknown };
    const result = answer.result as { results?: readonly unknown[] } | string | null;
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
  if (event.repeat) return;
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

// What can be done now: use the nearest thing, and eat what is carried.
let offered = '';

function offer(): void {
  const self = client.self;
  const near = self && nearest(self);
  const carries =
    self && [...client.objects.values()].some((object) => object.holder === self.id && object.kind === 'apple');
  const now = `${near?.id} ${carries}`;
  if (now === offered) return;
  offered = now;
  keys.replaceChildren();
  if (near) button(`${nameOf(near)} (E)`, () => client.activate(near.id));
  if (self && carries) button('Eat an apple', () => client.act(self.id, 'eat'));
}

function nearest(self: MirrorObject): MirrorObject | undefined {
  const usable = ['tree', 'apple', 'sign'];
  return [...client.objects.values()]
    .filter((object) => usable.includes(object.kind) && object.holder === null && far(object, self) < reach)
    .sort((a, b) => far(a, self) - far(b, self))[0];
}

function far(a: MirrorObject, b: MirrorObject): number {
  return Math.hypot(a.drawn.x - b.drawn.x, a.drawn.y - b.drawn.y);
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
  score.textContent = `${client.world.eaten ?? 0} apples eaten here`;
  const ratio = devicePixelRatio;
  canvas.width = innerWidth * ratio;
  canvas.height = innerHeight * ratio;
  const { x, y } = client.self?.drawn ?? { x: map.width / 2, y: map.height / 2 };
  ink.setTransform(
    metre * ratio,
    0,
    0,
    metre * ratio,
    canvas.width / 2 - x * metre * ratio,
    canvas.height / 2 - y * metre * ratio,
  );
  ground();
  const objects = [...client.objects.values()].filter((object) => object.holder === null);
  objects.sort((a, b) => sizeOf(a) - sizeOf(b) || a.drawn.y - b.drawn.y);
  for (const object of objects) figure(object);
  for (const object of objects) label(object, now);
  for (const pop of pops) text(pop.text, pop.x, pop.y - 1 - (now - pop.at) / 1000, '#2c3a2499');
  while (pops[0] && now - pops[0].at > 900) pops.shift();
  requestAnimationFrame(draw);
}

function ground(): void {
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
