import { defineObject } from 'roost';

/** Timers are data, one for each name: setting one again replaces it; a missed one fires once and says how many it left out. */
export default defineObject({
  look: '⏰',
  state: { rung: 0, beats: 0, missed: 0, data: '' },
  methods: {
    once: {
      allow: 'view',
      durable: true,
      params: { seconds: 'number', data: 'string' },
      handle: (self, { params }) => self.after(params.seconds, 'ring', params.data),
    },
    wind: {
      allow: 'view',
      durable: true,
      params: { seconds: 'number' },
      handle: (self, { params }) => self.every(params.seconds, 'beat'),
    },
    halt: { allow: 'view', durable: true, handle: (self) => self.cancel('beat') },
  },
  timers: {
    ring(self, { data }) {
      self.state.rung += 1;
      self.state.data = String(data);
    },
    beat(self, { missed }) {
      self.state.beats += 1;
      self.state.missed += missed;
    },
  },
});
