/** A game of many like zones full of animals, as files of a root. */

export type PastureOptions = {
  readonly zones: number;
  /** Animals in each. */
  readonly sheep: number;
  /** Text of scripts by kind, beside `sheep` and `walker`; one of each stands at the spawn point of each zone. */
  readonly kinds?: Readonly<Record<string, string>>;
};

/** Metres of a side; the spawn point is in the middle. */
const side = 100;
const pixels = 32;

const walker = `import { defineObject } from 'roost';

export default defineObject({ body: { shape: 'circle', radius: 0.4 } });
`;

/** An animal with a body, things it remembers, a look about it every second, and a timer that is due in an hour or so. */
const sheep = `import { defineObject } from 'roost';

export default defineObject({
  look: { shape: 'circle', label: 'Sheep' },
  body: { shape: 'circle', radius: 0.4 },
  speed: 1,
  every: 1,
  state: { wool: 0, mood: 'calm' },
  secret: { homeX: 0, homeY: 0 },
  on: {
    create(self, { world }) {
      self.secret.homeX = self.x;
      self.secret.homeY = self.y;
      self.every(world.random(3600, 7200), 'shear');
    },
    tick(self, { world }) {
      if (!world.chance(0.02)) return;
      self.state.wool += 1;
      const { homeX, homeY } = self.secret;
      if (self.distance({ x: homeX, y: homeY }) > 2) self.velocity(homeX - self.x, homeY - self.y);
      else self.velocity(world.random(-1, 1), world.random(-1, 1));
    },
  },
  timers: {
    shear(self) {
      self.state.wool = 0;
    },
  },
});
`;

/** Files of the game \`bench\`: its zones are \`bench/pasture-0\` and so on. */
export function pasture({ zones, sheep: count, kinds = {} }: PastureOptions): Record<string, string | object> {
  const perRow = Math.ceil(Math.sqrt(count));
  const step = side / (perRow + 1);
  const herd = Array.from({ length: count }, (_, i) => ({
    ...point(i + 2, (1 + (i % perRow)) * step, (1 + Math.floor(i / perRow)) * step),
    type: 'sheep',
  }));
  const others = Object.keys(kinds).map((kind, i) => ({ ...point(count + 2 + i, side / 2 + 2 * i, 48), type: kind }));
  const map = {
    ...{ type: 'map', version: '1.10', tiledversion: '1.11.2', orientation: 'orthogonal', infinite: false },
    ...{ width: side, height: side, tilewidth: pixels, tileheight: pixels, tilesets: [] },
    layers: [
      { ...layer(1, 'areas'), objects: [{ ...point(1, side / 2, side / 2), name: 'spawn' }] },
      { ...layer(2, 'objects'), objects: [...herd, ...others] },
    ],
  };
  const names = Array.from({ length: zones }, (_, i) => `pasture-${i}`);
  return {
    'games/bench/game.json': {
      ...{ character: 'walker', start: 'pasture-0' },
      zones: Object.fromEntries(names.map((name) => [name, { map: 'maps/pasture.tmj' }])),
    },
    'games/bench/maps/pasture.tmj': JSON.stringify(map),
    'games/bench/scripts/walker.ts': walker,
    'games/bench/scripts/sheep.ts': sheep,
    ...Object.fromEntries(Object.entries(kinds).map(([kind, text]) => [`games/bench/scripts/${kind}.ts`, text])),
  };
}

function layer(id: number, name: string) {
  return { id, name, type: 'objectgroup', x: 0, y: 0, opacity: 1, visible: true };
}

/** @param id  Tiled's number of it. */
function point(id: number, x: number, y: number) {
  const place = { x: x * pixels, y: y * pixels, width: 0, height: 0, rotation: 0, visible: true, point: true };
  return { id, name: '', type: '', ...place };
}
