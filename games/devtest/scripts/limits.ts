import { type Data, defineObject, maybe, type Self, type World } from 'roost';

type Me = Self<{ data: Data }>;

/** What goes over each limit. Those that fail the handler are told by their words; the rest is dropped and counted. */
const over: Readonly<Record<string, (self: Me, world: World, by: Parameters<Me['memory']>[0]) => unknown>> = {
  state(self) {
    self.state.data = 'x'.repeat(17_000);
  },
  depth(self) {
    let deep: Data = 1;
    for (let i = 0; i < 20; i++) deep = [deep];
    self.state.data = deep;
  },
  memory(self, _world, by) {
    self.memory(by).text = 'x'.repeat(2_000);
  },
  message: (self) => self.send(self, 'none', 'x'.repeat(5_000)),
  effect: (self) => self.effect('none', 'x'.repeat(5_000)),
  answer: () => 'x'.repeat(5_000),
  timers(self) {
    for (const name of names) self.after(60, name);
  },
  choices: (self, _world, by) => self.ask(by, 'none', 'Which?', 'abcdefghi'.split('')),
  dice: (_self, world) => world.roll('101d6'),
  noDice: (_self, world) => world.roll('two'),
  speed: (self) => self.velocity(101, 0),
  spawns(_self, world) {
    for (let i = 0; i < 6; i++) world.spawn('pebble');
  },
  /** How many of 21 were sent. */
  sends(self) {
    let sent = 0;
    for (let i = 0; i < 21; i++) if (self.send(self, 'none')) sent += 1;
    return sent;
  },
  says(self) {
    for (let i = 0; i < 6; i++) self.say(`Line ${i}.`);
  },
};

const names = Array.from({ length: 65 }, (_, i) => `t${i}`);

export default defineObject({
  look: '🚧',
  state: { data: maybe<Data>() as Data },
  timers: Object.fromEntries(names.map((name) => [name, () => {}])),
  messages: { none() {} },
  methods: {
    exceed: {
      allow: 'view',
      params: { limit: 'string' },
      handle: (self, { params, by, world }) => (over[params.limit]?.(self, world, by) ?? null) as null,
    },
  },
});
