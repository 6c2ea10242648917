/** The game of rows view, arena and floor: a field where everybody walks. */

export type FieldOptions = {
  /** Metres of the square. */
  readonly side: number;
  readonly capacity: number;
  readonly view: { readonly radius: number; readonly cell: number; readonly most: number };
};

export const walkSpeed = 4;
export const fieldTicks = 20;

/** A character is what docs/games.md makes in its first ten minutes, put somewhere by chance. */
const walker = `import { defineObject } from 'roost';

export default defineObject({
  look: { shape: 'circle', color: '#8899bb' },
  body: { shape: 'circle', radius: 0.3 },
  speed: ${walkSpeed},
  on: {
    create(self, { world }) {
      self.teleport(world.random(0, world.width), world.random(0, world.height));
    },
  },
});
`;

/** Files of a root with the game \`field\`, zone \`field/field\`. */
export function fieldGame({ side, capacity, view }: FieldOptions): Readonly<Record<string, string | object>> {
  return {
    'games/field/game.json': {
      character: 'walker',
      zones: { field: { width: side, height: side, capacity, view, tickRate: fieldTicks } },
    },
    'games/field/scripts/walker.ts': walker,
  };
}
