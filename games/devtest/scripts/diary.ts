import { defineObject } from 'roost';

/** Counts what happens to it: `create` once in its life, `load` whenever it enters a sandbox, `tick` every half second. */
export default defineObject({
  look: '📖',
  every: 0.5,
  state: { created: 0, loaded: 0, reason: '', ticks: 0, entered: '', left: '', activated: 0 },
  on: {
    create(self) {
      self.state.created += 1;
    },
    load(self, { reason }) {
      self.state.loaded += 1;
      self.state.reason = reason;
    },
    tick(self) {
      self.state.ticks += 1;
    },
    enter(self, { who }) {
      self.state.entered = who.name;
    },
    leave(self, { who }) {
      self.state.left = who.name;
    },
    activate(self) {
      self.state.activated += 1;
    },
    destroy(self) {
      self.say('The end.');
    },
  },
  methods: {
    /** Its last words are those of `destroy`. */
    burn: { allow: 'view', durable: true, handle: (self) => self.destroy() },
  },
});
