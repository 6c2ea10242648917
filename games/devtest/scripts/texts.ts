import { defineObject } from 'roost';
import { arm, isArmed } from './lib/arm.ts';

/** Growing texts, each made for real by reading it. */
export default defineObject({
  state: { armed: false },
  on: {
    tick(self) {
      if (!isArmed(self)) return;
      const all: string[] = [];
      for (let text = 'abc'; ; text = text + text.length) {
        text = text.slice(0, 1e5) + text.slice(0, 1e5);
        if (text.charCodeAt(3) > 0) all.push(text);
      }
    },
  },
  methods: { arm },
});
