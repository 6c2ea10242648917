import { defineObject } from 'roost';

/** A second script, for objects that have `badge` in their `scripts`: events go to all, `state` is shared, `secret` is its own. */
export default defineObject({
  state: { badge: 'none' },
  secret: { n: 0 },
  on: {
    activate(self) {
      self.secret.n += 1;
      self.state.badge = `seen ${self.secret.n}`;
      return 'It wears a badge.';
    },
  },
  methods: {
    salute: { allow: 'view', handle: (self) => self.state.badge },
  },
});
