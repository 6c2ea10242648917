import { defineObject } from 'roost';

/** What she remembers of somebody. It ends with their character, and nobody else can read it. */
type Known = { visits: number; helped: boolean; promised: boolean };

const musings = [
  'Lovely light today.',
  'Shut the gate before dark, will you?',
  'There is a fox under the oaks, south of here. Clap at it.',
  'Hens follow whoever feeds them. So would I.',
  'Twenty-four eggs fit into that basket. Nobody ever tried.',
  'Pumpkins want patience.',
];
const nightly = ['Listen. Did you hear the fox?', 'Keep to the lanterns.', 'Are the hens in?'];

/** Wilma the farmhand. She goes about her work, talks, and remembers you. */
export default defineObject({
  look: { shape: 'circle', color: '#b9573f', label: 'Farmhand' },
  body: { shape: 'circle', radius: 0.32, density: 3 },
  speed: 1.3,
  every: 0.25,
  secret: { chore: 1, resting: false },

  on: {
    create: (self) => self.every(14, 'muse'),

    tick(self, { world }) {
      const guest = self.nearest('player', 1.8);
      if (guest) {
        self.stop();
        return self.face(guest);
      }
      if (self.secret.resting) return;
      const place = world.area(world.state.night ? 'bed' : `chore-${self.secret.chore}`);
      if (!place || self.walkTo(place) === 'going') return;
      self.secret.resting = true;
      self.after(world.random(4, 9), 'next');
    },

    activate(self, { by }) {
      const known = self.memory<Known>(by);
      known.visits = (known.visits ?? 0) + 1;
      if (known.helped) return `${by.name}! The hat suits you. Visit number ${known.visits}, if I count right.`;
      if (known.promised) return thank(by.take('egg'), known, () => self.send(by, 'gift', { hat: 'flowers' }));
      self.ask(by, 'work', `You are ${by.name}, are you not? My back aches. Would you bring me an egg?`, [
        'Gladly',
        'Not now',
      ]);
    },
  },

  answers: {
    work(self, { by, choice }) {
      if (choice !== 'Gladly') return 'The hens do not mind waiting. Nor do I.';
      self.memory<Known>(by).promised = true;
      return 'Good soul. Feed a hen, and she will lay one for you.';
    },
  },

  timers: {
    muse: (self, { world }) => self.sayOneOf(world.state.night ? nightly : musings),
    next(self, { world }) {
      self.secret.resting = false;
      self.secret.chore = Math.floor(world.random(1, 5));
    },
  },

  messages: {
    wave: (self) => self.effect('wave'),
  },
});

function thank(gotEgg: boolean, known: Partial<Known>, give: () => void): string {
  if (!gotEgg) return 'No egg yet? Hens like grain, and company.';
  known.helped = true;
  give();
  return 'Still warm! Here, a hat with flowers. I made it for somebody kind.';
}
