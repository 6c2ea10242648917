import { defineObject, maybe, type Self, type World } from 'roost';
import { clucks, frights, greetings } from './hens/lines.ts';

/** How big she is: 1 is a hen, 3 is a hen nobody argues with. */
const size = 1;

/**
 * A hen. She strolls near her home, clucks, minds people who run and foxes who hunt, comes along with who feeds her,
 * and lays eggs. Change a number, save, and look at the hens: nobody has to come back in.
 */
export default defineObject({
  look: { shape: 'circle', label: 'Hen' },
  body: { shape: 'circle', radius: 0.28 },
  speed: 1,
  every: 0.2, // five ticks a second are plenty for a hen

  // Everybody sees `state`; `secret` never leaves the server. Both are saved.
  state: { friend: maybe<string>() },
  secret: { homeX: 0, homeY: 0 },

  on: {
    create(self, { world }) {
      self.secret.homeX = self.x;
      self.secret.homeY = self.y;
      self.every(world.random(6, 12), 'cluck');
      self.every(world.random(40, 80), 'lay');
    },

    load(self) {
      self.scale = size;
    },

    tick(self, { world }) {
      if (self.holder) return; // somebody carries her
      const danger = findDanger(self);
      if (danger) return self.flee(danger, 3);
      const friend = self.state.friend && world.get(self.state.friend);
      if (friend) return followTo(self, friend);
      const home = { x: self.secret.homeX, y: self.secret.homeY };
      if (self.distance(home) > 4) self.walkTo(home);
      else self.wander(0.6);
    },

    enter(self, { who }) {
      if (self.distance(who) > 3) return;
      befriend(self, who.id, 8);
      self.after(0.7, 'greet');
    },

    touch(self, { other }) {
      if (!other.isPlayer || !self.cooldown('bump', 4)) return;
      self.effect('bump');
      self.sayOneOf(frights);
    },

    activate(self) {
      return `${self.name || 'The hen'} tilts her head.`;
    },
  },

  methods: {
    feed: {
      label: 'Feed',
      reach: 1.5,
      handle(self, { by }) {
        if (!self.cooldown('peck', 1)) return 'One beak at a time!';
        self.effect('grain', { by: by.id });
        befriend(self, by.id, 30);
        self.after(5, 'lay', 'fed');
        if (self.once(by, 'ever')) return `${self.name || 'She'} likes you, and comes along.`;
      },
    },
  },

  timers: {
    cluck: (self) => self.sayOneOf(clucks),
    greet: (self) => self.sayOneOf(greetings),
    forget(self) {
      self.state.friend = null;
    },
    lay(self, { world, data }) {
      self.every(world.random(40, 80), 'lay');
      if (self.holder || world.count('egg') >= (data === 'fed' ? 40 : 12)) return;
      world.spawn('egg', { at: self });
      self.effect('lay');
      self.say('Bok-bok-bok-bok-bagaaawk!');
    },
  },

  messages: {
    // A fox has her by the tail.
    caught(self, { from }) {
      if (from && !self.holder && self.into(from)) self.effect('feathers');
    },
    dance: (self) => self.effect('hop', { times: 4 }),
  },
});

type Hen = Self<{ friend: string | null }, Record<never, never>, { homeX: number; homeY: number }>;

/** The nearest fox that is awake, or somebody who runs. */
function findDanger(self: Hen) {
  const fox = self.around(5, 'fox').find((one) => one.state.asleep !== true);
  if (fox && self.cooldown('alarm', 3)) self.sayOneOf(frights);
  return fox ?? self.around(2.5, 'player').find((one) => Math.hypot(one.vx, one.vy) > 4);
}

/** Walks after her friend, stops beside, and looks up. */
function followTo(self: Hen, friend: NonNullable<ReturnType<World['get']>>): void {
  if (self.distance(friend) > 1.1) {
    self.walkTo(friend, 2.2);
  } else {
    self.stop();
    self.face(friend);
  }
}

function befriend(self: Hen, id: string, seconds: number): void {
  self.state.friend = id;
  self.after(seconds, 'forget');
}
