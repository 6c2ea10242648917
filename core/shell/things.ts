/** What is in view, in words: what it is, how far and where, and which one somebody means. */
import type { Json, JsonObject } from '../contract/content.ts';
import { toPrintable } from './printable.ts';

/** An object as `zone.objects` gives it. */
export type Thing = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly holder: string | null;
  readonly x: number;
  readonly y: number;
  readonly speed: number;
  readonly owner: string | null;
  readonly words: readonly string[];
  readonly body?: Json;
  readonly scale?: number;
  readonly state: JsonObject;
};

export type Spot = { readonly x: number; readonly y: number };

const eighths = ['east', 'south-east', 'south', 'south-west', 'west', 'north-west', 'north', 'north-east'] as const;

/** Directions as people type them → to the right and down. */
export const directions: ReadonlyMap<string, Spot> = new Map(
  eighths.flatMap((name, index) => {
    const angle = (index * Math.PI) / 4;
    const spot = { x: Math.cos(angle), y: Math.sin(angle) };
    const short = name.includes('-')
      ? name
          .split('-')
          .map((part) => part[0])
          .join('')
      : (name[0] as string);
    const screen = new Map([
      ['east', 'right'],
      ['south', 'down'],
      ['west', 'left'],
      ['north', 'up'],
    ]).get(name);
    const written = name.replace('-', '');
    return [...new Set([name, written, short, ...(screen === undefined ? [] : [screen])])].map(
      (word) => [word, spot] as const,
    );
  }),
);

/** What people call it: its name, or its kind. */
export function callIt({ name, kind }: Pick<Thing, 'name' | 'kind'>): string {
  return toPrintable(name === '' ? kind : name);
}

export function isPlayer({ owner, holder }: Pick<Thing, 'owner' | 'holder'>): boolean {
  return holder === null && owner !== null && /^(guest|character):/.test(owner);
}

export function distance(from: Spot, to: Spot): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** `4 m north-east`, `here`. */
export function whereIs(from: Spot, to: Spot): string {
  const metres = distance(from, to);
  if (metres < 0.75) return 'here';
  const eighth = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / (Math.PI / 4));
  return `${Math.round(metres)} m ${eighths[(eighth + 8) % 8]}`;
}

/** Those that fit what was typed, the nearest first: by id, by name or kind exactly, by how these begin, by a part of them. */
export function findThings(things: readonly Thing[], typed: string, from: Spot): readonly Thing[] {
  const wanted = typed.trim().toLowerCase();
  const names = (thing: Thing) => [callIt(thing).toLowerCase(), thing.kind.toLowerCase()];
  const fits: readonly ((thing: Thing) => boolean)[] = [
    ({ id }) => id === wanted,
    (thing) => names(thing).includes(wanted),
    (thing) => names(thing).some((name) => name.startsWith(wanted)),
    (thing) => names(thing).some((name) => name.includes(wanted)),
    ({ id }) => wanted.length >= 4 && id.endsWith(wanted),
  ];
  const found = wanted === '' ? [] : (fits.map((fit) => things.filter(fit)).find((some) => some.length > 0) ?? []);
  return found.toSorted((a, b) => distance(from, a) - distance(from, b));
}

/** Everything around, the nearest first; things of a kind without names of their own are counted. */
export function listThings(things: readonly Thing[], self: Thing, most: number): readonly string[] {
  const around = things.filter(({ id, holder }) => id !== self.id && holder === null);
  const groups = new Map<string, Thing[]>();
  for (const thing of around) {
    const key = isPlayer(thing) ? thing.id : `${thing.kind} ${callIt(thing)}`;
    groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  const sorted = [...groups.values()]
    .map((group) => group.toSorted((a, b) => distance(self, a) - distance(self, b)) as [Thing, ...Thing[]])
    .sort(([a], [b]) => Number(isPlayer(b)) - Number(isPlayer(a)) || distance(self, a) - distance(self, b));
  const lines = sorted.slice(0, most).map(([nearest, ...others]) => {
    const name = callIt(nearest);
    const kind =
      nearest.name === '' || name === nearest.kind ? '' : ` (${isPlayer(nearest) ? 'player' : nearest.kind})`;
    const many = others.length === 0 ? '' : `, ${others.length + 1} of them, the nearest`;
    return `  ${name}${toPrintable(kind)}${many} ${whereIs(self, nearest)}`;
  });
  const left = sorted.length - lines.length;
  return left > 0 ? [...lines, `  … and ${left} more: look all`] : lines;
}
