import { defineObject } from 'roost';

/** The rooster. He tells everybody when the night is over. */
export default defineObject({
  look: { shape: 'circle', color: '#c4622d', label: 'Rooster' },
  body: { shape: 'circle', radius: 0.3 },
  speed: 1,
  every: 0.4,
  secret: { slept: false },

  on: {
    create: (self) => self.every(45, 'crow'),
    tick(self, { world }) {
      const isMorning = self.secret.slept && !world.state.night;
      self.secret.slept = world.state.night;
      if (isMorning) crow(self);
      const yard = world.area('yard');
      if (yard && !yard.has(self)) self.walkTo(yard);
      else self.wander(0.7);
    },
  },

  timers: {
    crow(self, { world }) {
      if (!world.state.night) crow(self);
    },
  },
});

function crow(self: { say(text: string): void; effect(name: string): void }): void {
  self.say('Cock-a-doodle-doo!');
  self.effect('crow');
}
