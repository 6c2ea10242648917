import { defineZone, list } from 'roost';

/** Who has a seat, as the node says it. */
export type Place = {
  readonly name: string;
  /** The player's character, `''` while it is not here. */
  readonly character: string;
  readonly bot: boolean;
};

declare module 'roost' {
  interface ZoneState {
    places: (Place | null)[];
  }
}

/** A table is made for one match, and has one board from its first moment on. */
export default defineZone({
  state: { places: list<Place | null>([null, null]) },
  on: {
    create(world) {
      world.spawn('board', { at: { x: world.width / 2, y: world.height / 2 } });
    },
  },
  methods: {
    /** Called by the node whenever something about a seat has changed: docs/matches.md. */
    seat: {
      params: {
        match: 'string',
        mode: 'string',
        seats: 'integer',
        seat: 'integer',
        name: 'string?',
        character: 'id?',
        bot: 'boolean',
        open: 'boolean',
      },
      handle(world, { by, params: { seat, name = 'Somebody', character = '', bot, open } }) {
        if (by.id !== '' || world.state.places[seat] === undefined) return;
        world.state.places[seat] = open ? null : { name, character, bot };
        return { over: world.find('board')[0]?.state.phase === 'over' };
      },
    },
  },
});
