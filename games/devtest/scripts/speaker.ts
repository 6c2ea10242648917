import { defineObject } from 'roost';

/** Every verb that speaks: to all who hear, to one, to all who see, to all in the zone. */
export default defineObject({
  look: { shape: 'circle', color: '#ba6', label: 'Speaker' },
  methods: {
    speak: {
      allow: 'view',
      handle(self, { by, world }) {
        self.say('To all who hear.');
        self.sayOneOf(['One of two.', 'One of two.']);
        self.tell(by, 'To you alone.');
        self.effect('puff', { size: 2 });
        world.emit('gong', { by: by.name });
      },
    },
  },
});
