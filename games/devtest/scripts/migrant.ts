import { defineObject } from 'roost';

/** Version 1 had `kilos`; version 2 counts in grams. `migrate` runs once on each stored object that is older. */
export default defineObject({
  version: 2,
  look: '⚖️',
  state: { grams: 0 },
  methods: {
    weigh: { allow: 'view', handle: (self) => self.state.grams },
  },
  migrate: (old) => ({ ...old, state: { grams: Number(old.state.kilos ?? 0) * 1000 } }),
});
