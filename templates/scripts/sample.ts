import { defineObject } from 'roost';

const sounds = ['Hm.', 'Hm-hm.', 'Hmmm…'];

/** A sample. Say here what it is. Save this file while the server runs, and every sample in the world has changed. */
export default defineObject({
  look: { shape: 'circle', color: '#7aa95c', size: 0.6, label: 'Sample' },
  body: { shape: 'circle', radius: 0.3 }, // metres
  speed: 1, // metres per second
  every: 0.2, // seconds between two ticks

  // What it remembers. Everybody sees `state`; `secret` never leaves the server. Both are saved.
  state: { pats: 0 },
  secret: { homeX: 0, homeY: 0 },

  on: {
    // Once in its life: it knows where it belongs, and sets a timer that survives restarts.
    create(self) {
      self.secret.homeX = self.x;
      self.secret.homeY = self.y;
      self.every(8, 'hum');
    },

    tick(self) {
      const home = { x: self.secret.homeX, y: self.secret.homeY };
      if (self.distance(home) > 3) self.walkTo(home);
      else self.wander(0.5);
    },

    // A player uses it. What you return is shown to that player.
    activate(self, { by }) {
      self.state.pats += 1;
      self.face(by);
      return self.state.pats === 1 ? 'It looks up.' : `It has been patted ${self.state.pats} times.`;
    },
  },

  // What players may ask of it by name: `object.call { id, method: 'call', params: { name: 'Kim' } }`.
  methods: {
    call: {
      label: 'Call',
      reach: 10,
      params: { name: 'string' },
      handle(self, { by, params }) {
        self.name = params.name;
        self.walkTo(by);
        self.effect('called');
      },
    },
  },

  timers: {
    hum: (self) => self.sayOneOf(sounds),
  },
});
