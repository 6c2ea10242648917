import { defineObject, maybe, type Self, type View, type World } from 'roost';

/**
 * The fox. It sleeps in its den by day; at night it hunts hens and carries one home, unless somebody comes near
 * or claps: then it drops what it has and runs.
 */
export default defineObject({
  look: { shape: 'circle', color: '#e0702c', label: 'Fox' },
  body: { shape: 'circle', radius: 0.32 },
  speed: 2.4,
  every: 0.2,
  state: { asleep: true },
  secret: { fed: false, scaredOf: maybe<string>() },

  on: {
    tick(self, { world }) {
      if (!world.state.night) self.secret.fed = false;
      const scary = findScary(self, world);
      if (scary) return runFrom(self, scary);
      const prey = self.contents('chicken')[0];
      if (prey || self.secret.fed || !world.state.night) return goHome(self, world, prey);
      self.state.asleep = false;
      hunt(self);
    },
  },

  timers: {
    brave(self) {
      self.secret.scaredOf = null;
    },
  },

  messages: {
    scare(self, { from }) {
      if (!from) return;
      self.secret.scaredOf = from.id;
      self.after(4, 'brave');
      if (!self.state.asleep) self.say('Yip!');
    },
  },
});

type Fox = Self<{ asleep: boolean }, Record<never, never>, { fed: boolean; scaredOf: string | null }>;

/** Who clapped at it, or whoever comes too near while it is up. */
function findScary(self: Fox, world: World): View | undefined {
  if (self.state.asleep) return undefined;
  const clapper = self.secret.scaredOf ? world.get(self.secret.scaredOf) : undefined;
  return clapper ?? self.nearest('player', 3.2);
}

function runFrom(self: Fox, scary: View): void {
  for (const hen of self.contents()) self.drop(hen);
  self.flee(scary, 5);
  if (self.cooldown('yip', 3)) self.effect('yip');
}

function hunt(self: Fox): void {
  const prey = self.around(20, 'chicken').find((hen) => hen.holder === null);
  if (!prey) self.wander(1.5);
  else if (self.distance(prey) < 0.85) self.send(prey, 'caught');
  else if (self.walkTo(prey, 3.4) === 'stuck') self.wander(2); // a closed gate: well done
}

/** Home, where a hen is let go in the morning, ruffled but whole. */
function goHome(self: Fox, world: World, prey: View | undefined): void {
  if (self.state.asleep) return;
  const den = world.area('den');
  if (den && self.distance(den) > 0.6 && self.walkTo(den) !== 'there') return;
  if (prey) {
    self.drop(prey);
    self.secret.fed = true;
  }
  self.stop();
  self.state.asleep = true;
}
