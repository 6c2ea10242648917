/** Where you are: looking, walking, using things. */
import type { Json, JsonObject } from '../../contract/content.ts';
import { type Around, isSeen, lookAround, seeAround } from '../around.ts';
import { type Command, done, refused, type Sitting, tell, wrong } from '../command.ts';
import type { Done } from '../door.ts';
import { toValue } from '../params.ts';
import { renderAnswer } from '../render.ts';
import { callIt, directions, distance, findThings, type Spot, type Thing, whereIs } from '../things.ts';
import { walk } from '../walk.ts';
import type { Word } from '../words.ts';
import { drawMap } from '../zone-map.ts';

const group = 'Around you';

const look: Command = {
  names: ['look', 'l', 'refresh', 'show', 'detail', 'examine'],
  usage: 'look [all | THING]',
  doc: 'What stands around you, or all about one thing: its name, kind or id, or a part of one.',
  group,
  async run(sitting, { rest }) {
    if (rest === '' || rest === 'around') return await lookAround(sitting, { most: 20 });
    if (rest === 'all') return await lookAround(sitting, { most: 1_000 });
    return await withThing(sitting, rest, (thing, { self }) => describe(sitting, thing, self));
  },
  complete: thingNames,
};

/** Everything about one thing, and what can be done with it. */
async function describe(sitting: Sitting, thing: Thing, self: Thing): Promise<Done> {
  const { id, kind, x, y, words, state } = thing;
  const { activates, methods } = await learnKind(sitting, kind);
  const lines = [
    `${callIt(thing)} (${kind}, ${id}), ${thing.holder === self.id ? 'which you carry' : whereIs(self, thing)} at ${round(x)}, ${round(y)}`,
    ...(words.length === 0 ? [] : [`  ${words.join(', ')}`]),
    ...renderAnswer(state, sitting.terminal.size().columns)
      .filter((line) => line !== 'OK')
      .map((line) => `  ${line}`),
    ...(activates ? [`  use ${callIt(thing)}`] : []),
    ...methods.map(
      ({ name, label, params }) =>
        `  use ${callIt(thing)} ${[name, ...Object.entries(params).map(([key, type]) => `${key}=${type.toUpperCase()}`)].join(' ')}   ${label}`,
    ),
  ];
  return done(lines, thing as unknown as Json);
}

const map: Command = {
  names: ['map'],
  usage: 'map [near | ROWS COLUMNS]',
  doc: 'The zone as characters, as large as your terminal or as you say; `near` shows what is close.',
  group,
  async run(sitting, { words }) {
    const seen = await seeAround(sitting);
    if (!isSeen(seen)) return seen;
    const { zone, self, things } = seen;
    const plan = await sitting.door.plan?.(zone);
    const declared = await sitting.catalogue.zone(zone);
    const width = plan?.width ?? declared?.width;
    const height = plan?.height ?? declared?.height;
    if (width === undefined || height === undefined) return wrong(`Nobody knows how large ${zone} is.`);
    const sizes = words.map(({ text }) => Number(text)).filter((size) => Number.isFinite(size));
    const { columns, rows } = sitting.terminal.size();
    const view = declared?.view ?? Math.hypot(width, height);
    const isNear = words.some(({ text }) => text.toLowerCase() === 'near');
    const lines = drawMap({
      ...{ width, height, things, self, view, plan },
      columns: within(sizes[1] ?? columns, 20, 240),
      rows: within(sizes[0] ?? rows - 1, 8, 120),
      ...(isNear ? { near: Math.min(view, 12) } : {}),
    });
    return done([zone, ...lines]);
  },
  complete: () => ['near'],
};

function within(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}

const mostWalk = 200;

const go: Command = {
  names: ['go', 'walk', ...directions.keys()],
  usage: 'go DIRECTION [METRES] | go THING',
  doc: 'Walks north, south-east, left, … (2 metres unless you say), or up to a thing you see.',
  group: group,
  async run(sitting, { word, words, rest }) {
    const isBare = directions.has(word);
    const [first, second] = isBare ? [{ text: word, at: 0 } as Word, words[0]] : words;
    if (first === undefined) return wrong('Where to? go north 3, or go and the name of something you see.');
    const way = directions.get(first.text.toLowerCase());
    if (way === undefined) return await goTo(sitting, rest.replace(/^(to|towards?)\s+/i, ''));
    const metres = second === undefined ? 2 : Number(second.text);
    if (!(metres > 0 && metres <= mostWalk)) return wrong(`How far? Some number of metres up to ${mostWalk}.`);
    const seen = await seeAround(sitting);
    return isSeen(seen) ? await walk(sitting, seen.self, way, metres) : seen;
  },
  complete: (sitting, typed) => [...directions.keys(), ...thingNames(sitting, typed)],
};

/** Near enough to use it. */
const reach = 1.5;

async function goTo(sitting: Sitting, typed: string): Promise<Done> {
  const place = /^(-?\d+(?:\.\d+)?)[ ,]+(-?\d+(?:\.\d+)?)$/.exec(typed);
  if (place !== null) {
    const seen = await seeAround(sitting);
    return isSeen(seen) ? await walkTo(sitting, seen.self, { x: Number(place[1]), y: Number(place[2]) }, 0) : seen;
  }
  return await withThing(sitting, typed, (thing, { self }) => walkTo(sitting, self, thing, reach));
}

async function walkTo(sitting: Sitting, self: Thing, to: Spot, stopAt: number): Promise<Done> {
  const metres = distance(self, to) - stopAt;
  if (metres <= 0.1) return done(['You are there.']);
  const full = distance(self, to);
  return await walk(
    sitting,
    self,
    { x: (to.x - self.x) / full, y: (to.y - self.y) / full },
    Math.min(metres, mostWalk),
  );
}

type Offer = {
  readonly name: string;
  readonly label: string;
  readonly allow: string;
  readonly params: Readonly<Record<string, string>>;
};

/** What a kind's script offers to whoever may reach it. */
async function offersOf(sitting: Sitting, kind: string): Promise<readonly Offer[]> {
  return (await learnKind(sitting, kind)).methods;
}

type Kind = { readonly activates?: boolean; readonly methods: readonly Offer[] };

/** The same, and whether the kind can be used without a word. */
async function learnKind(sitting: Sitting, kind: string): Promise<Kind> {
  const answer = await sitting.call('object.methods', { kinds: [kind] });
  if (!answer.ok) return { methods: [] };
  const { kinds } = answer.result as unknown as { readonly kinds: readonly Kind[] };
  return kinds[0] ?? { methods: [] };
}

const use: Command = {
  names: ['use', 'activate', 'open', 'do'],
  usage: 'use THING [METHOD key=value …]',
  doc: 'Uses a thing within two metres, or calls a method that it offers; look THING lists these.',
  group,
  async run(sitting, { words, rest }) {
    if (words.length === 0) return wrong('Use what? look shows what there is.');
    const at = words.findIndex(({ key }) => key !== undefined);
    const named = at === -1 ? words : words.slice(0, at);
    const seen = await seeAround(sitting);
    if (!isSeen(seen)) return seen;
    // All words but the last may be its name, and the last a method.
    const whole = at === -1 ? findThings(seen.things, rest, seen.self) : [];
    if (whole[0] !== undefined) return await activate(sitting, whole[0]);
    const name = named
      .slice(0, -1)
      .map(({ text }) => text)
      .join(' ');
    const method = named.at(-1)?.text ?? '';
    return await withThing(sitting, name || method, (thing) =>
      callThing(sitting, thing, method, at === -1 ? [] : words.slice(at)),
    );
  },
  complete: thingNames,
};

async function activate(sitting: Sitting, thing: Thing): Promise<Done> {
  const answer = await sitting.call('object.activate', { id: thing.id });
  if (!answer.ok)
    return refused(
      answer,
      ...(answer.error.code === 'object.too-far' ? [`go ${callIt(thing)} brings you there.`] : []),
    );
  const { result } = answer.result as {
    readonly result?: { readonly results?: readonly Json[]; readonly text?: string };
  };
  const said = (result?.results ?? []).filter((one) => one !== null && one !== undefined);
  if (said.length > 0)
    return done(
      said.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
      answer.result,
    );
  if (result?.text === undefined) return done(['Done.'], answer.result);
  const offers = (await offersOf(sitting, thing.kind)).filter(({ allow }) => allow === 'reach');
  const [only, ...more] = offers;
  if (only !== undefined && more.length === 0 && Object.keys(only.params).length === 0)
    return await callThing(sitting, thing, only.name, []);
  const names = offers.map(({ name }) => name).join(', ');
  return done(
    names === '' ? ['Nothing happens.'] : [`What with it? use ${callIt(thing)} and one of: ${names}`],
    answer.result,
  );
}

async function callThing(sitting: Sitting, thing: Thing, method: string, words: readonly Word[]): Promise<Done> {
  const offers = await offersOf(sitting, thing.kind);
  const offer = offers.find(({ name, label }) =>
    [name, label].some((one) => one.toLowerCase() === method.toLowerCase()),
  );
  const types = new Map(Object.entries(offer?.params ?? {}));
  const params: JsonObject = Object.fromEntries(
    words.map(({ key = '', value = '', text }) => [key || text, toValue(value, toSchema(types.get(key)))]),
  );
  const called = { id: thing.id, method: offer?.name ?? method, params };
  return tell<{ readonly result?: Json }>(await sitting.call('object.call', called), ({ result }) =>
    result === null || result === undefined ? ['Done.'] : renderAnswer(result, sitting.terminal.size().columns),
  );
}

function toSchema(type: string | undefined) {
  const plain = type?.replace(/\?$/, '');
  return plain === undefined ? undefined : { type: plain === 'id' ? 'string' : plain };
}

const answer: Command = {
  names: ['answer'],
  usage: 'answer CHOICE',
  doc: 'Answers what something has asked you: the number of a choice, or its text.',
  group,
  async run(sitting, { rest }) {
    const { question } = sitting.news;
    if (question === undefined) return wrong('Nobody has asked you anything.');
    const choice =
      question.choices[Number(rest) - 1] ??
      question.choices.find((one) => one.toLowerCase() === rest.toLowerCase()) ??
      rest;
    if (choice === '') return wrong(`${question.text} ${question.choices.join(' | ')}`);
    sitting.news.question = undefined;
    const params = { id: question.id, question: question.question, choice };
    return tell<{ readonly result?: Json }>(await sitting.call('object.answer', params), ({ result }) =>
      result === null || result === undefined ? ['You answer.'] : renderAnswer(result, sitting.terminal.size().columns),
    );
  },
  complete: ({ news }) => news.question?.choices ?? [],
};

const inventory: Command = {
  names: ['inventory', 'inv', 'i'],
  usage: 'inventory',
  doc: 'What you carry.',
  group,
  async run(sitting) {
    const seen = await seeAround(sitting);
    if (!isSeen(seen)) return seen;
    const held = seen.things.filter(({ holder }) => holder === seen.self.id);
    const lines = held.map((thing) => `  ${callIt(thing)}${thing.name === '' ? '' : ` (${thing.kind})`}`);
    return done(lines.length === 0 ? ['You carry nothing.'] : lines, held as unknown as Json);
  },
};

const zones: Command = {
  names: ['zones'],
  usage: 'zones',
  doc: 'The games and zones of this server; play ZONE goes there.',
  group,
  async run({ catalogue }) {
    const about = await catalogue.about();
    const lines = about?.games.flatMap(({ title, name, zones: all }) => [
      title || name,
      ...all.map(({ zone }) => `  ${zone}`),
    ]);
    return done(lines ?? ['The server does not say.']);
  },
};

/** The nearest thing that fits what was typed. */
async function withThing(
  sitting: Sitting,
  typed: string,
  work: (thing: Thing, seen: Around) => Promise<Done>,
): Promise<Done> {
  const seen = await seeAround(sitting);
  if (!isSeen(seen)) return seen;
  const [thing] = findThings(seen.things, typed, seen.self);
  return thing === undefined
    ? wrong(`You see nothing like "${typed.slice(0, 64)}". look shows what there is.`)
    : await work(thing, seen);
}

function thingNames({ you }: Sitting, _typed: unknown): readonly string[] {
  return you.things.filter(({ id }) => id !== you.character).map(callIt);
}

function round(metres: number): number {
  return Math.round(metres * 10) / 10;
}

export const placeCommands: readonly Command[] = [look, map, go, use, answer, inventory, zones];
