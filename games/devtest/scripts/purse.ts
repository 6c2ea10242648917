import { defineObject } from 'roost';

/** `state` for everybody in view, `own` for its owner alone, `secret` for nobody. */
export default defineObject({
  look: '👛',
  state: { worn: 0 },
  own: { coins: 7 },
  secret: { code: 'swordfish' },
  methods: {
    open: {
      allow: 'owner',
      handle(self) {
        self.own.coins += 1;
        self.secret.code = 'marlin';
        return self.own.coins;
      },
    },
  },
});
