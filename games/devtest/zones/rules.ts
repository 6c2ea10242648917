import { defineZone } from 'roost';

/** A zone has a script too: its state is `world.state` in every script of the zone, its methods are called by the zone’s id. */
export default defineZone({
  state: { created: 0, entered: '', left: '', rung: 0 },
  on: {
    create(world) {
      world.state.created += 1;
    },
    enter(world, { who }) {
      world.state.entered = who.name;
    },
    leave(world, { who }) {
      world.state.left = who.name;
    },
  },
  timers: {
    ring(world) {
      world.state.rung += 1;
    },
  },
  methods: {
    ring: {
      params: { seconds: 'number' },
      durable: true,
      handle: (world, { params }) => world.after(params.seconds, 'ring'),
    },
  },
});
