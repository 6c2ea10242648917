/** The game of row crowd: a meadow of 512 × 512 m with a hundred foxes that chase a hundred hares, and players. */

export const crowdTicks = 10;
const animals = 200;
/** Tiles of the map along each side; more a map can't have. */
const tiles = 256;
const pixelsPerTile = 32;
const metresPerTile = 2;

const walker = `import { defineObject } from 'roost';

export default defineObject({
  look: { shape: 'circle', color: '#8899bb' },
  body: { shape: 'circle', radius: 0.3 },
  speed: 4,
  on: {
    create(self, { world }) {
      self.teleport(world.random(0, world.width), world.random(0, world.height));
    },
  },
});
`;

const hare = `import { defineObject } from 'roost';

export default defineObject({
  look: '🐇',
  body: { shape: 'circle', radius: 0.2 },
  state: { caught: 0 },
  on: {
    tick(self) {
      const fox = self.nearest('fox', 8);
      if (fox) self.flee(fox, 4.5);
      else self.wander(1);
    },
  },
  messages: {
    caught(self, { world }) {
      self.state.caught += 1;
      self.teleport(world.random(0, world.width), world.random(0, world.height));
    },
  },
});
`;

const fox = `import { defineObject } from 'roost';

export default defineObject({
  look: '🦊',
  body: { shape: 'circle', radius: 0.3 },
  on: {
    tick(self) {
      const hare = self.nearest('hare', 25);
      if (hare) self.walkTo(hare, 5);
      else self.wander(1.5);
    },
    touch(self, { other }) {
      if (other.kind === 'hare') self.send(other, 'caught');
    },
  },
});
`;

/** Tells everybody the time of its tick, so that they can tell how long it took to them. */
const meadow = `import { defineZone } from 'roost';

export default defineZone({
  every: 0.5,
  on: {
    tick(world) {
      world.emit('beat', world.time);
    },
  },
});
`;

/** Animals stand all over the meadow: by the golden ratio, which leaves no gaps and no heaps. */
function animalAt(index: number): object {
  const pixels = tiles * pixelsPerTile;
  return {
    id: index + 2,
    name: '',
    type: index % 2 === 0 ? 'hare' : 'fox',
    x: Math.round(((index * 0.618034) % 1) * pixels),
    y: Math.round(((index + 0.5) / animals) * pixels),
    width: 0,
    height: 0,
    rotation: 0,
    visible: true,
    point: true,
  };
}

function map(): object {
  const layer = { type: 'objectgroup', draworder: 'index', x: 0, y: 0, opacity: 1, visible: true };
  return {
    type: 'map',
    version: '1.10',
    orientation: 'orthogonal',
    renderorder: 'right-down',
    infinite: false,
    width: tiles,
    height: tiles,
    tilewidth: pixelsPerTile,
    tileheight: pixelsPerTile,
    nextlayerid: 2,
    nextobjectid: animals + 2,
    properties: [{ name: 'pixelsPerMetre', type: 'int', value: pixelsPerTile / metresPerTile }],
    tilesets: [],
    layers: [{ ...layer, id: 1, name: 'animals', objects: Array.from({ length: animals }, (_, at) => animalAt(at)) }],
  };
}

/** Files of a root with the game `crowd`, zone `crowd/meadow`. */
export function crowdGame(): Readonly<Record<string, string | object>> {
  return {
    'games/crowd/game.json': {
      character: 'walker',
      zones: { meadow: { map: 'maps/meadow.tmj', capacity: 5000, tickRate: crowdTicks } },
    },
    'games/crowd/maps/meadow.tmj': map(),
    'games/crowd/scripts/walker.ts': walker,
    'games/crowd/scripts/hare.ts': hare,
    'games/crowd/scripts/fox.ts': fox,
    'games/crowd/zones/meadow.ts': meadow,
  };
}
