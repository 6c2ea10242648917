/** A zone as characters: scaled to the terminal, one letter for each kind, with a legend. */
import type { Plan } from './door.ts';
import { clip } from './printable.ts';
import { callIt, isPlayer, type Spot, type Thing } from './things.ts';

export type MapOptions = {
  /** Of the zone, in metres. */
  readonly width: number;
  readonly height: number;
  readonly things: readonly Thing[];
  readonly self: Thing;
  /** How far it is seen, in metres. */
  readonly view: number;
  readonly plan: Plan | undefined;
  /** Characters across and down, legend and frame included. */
  readonly columns: number;
  readonly rows: number;
  /** Shows only what is as near as that, in metres. */
  readonly near?: number;
};

/** A character is about twice as tall as it is wide. */
const aspect = 2;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Everything that is drawn, as it stands on the paper: the box of the zone that it shows, and metres a character. */
type Paper = {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly columns: number;
  readonly rows: number;
};

export function drawMap(options: MapOptions): readonly string[] {
  const { things, self, view, plan, columns } = options;
  const { signs, legend } = chooseSigns(things, self, columns);
  const paper = layOut(options, legend.length);
  const cells = Array.from({ length: paper.rows }, () => new Array<string>(paper.columns).fill(' '));
  for (let row = 0; row < paper.rows; row++)
    for (let column = 0; column < paper.columns; column++) {
      const x = paper.left + (column + 0.5) * paper.across;
      const y = paper.top + (row + 0.5) * paper.across * aspect;
      if (Math.hypot(x - self.x, y - self.y) <= view) (cells[row] as string[])[column] = '.';
    }
  const put = ({ x, y }: Spot, sign: string) => {
    const column = Math.floor((x - paper.left) / paper.across);
    const row = Math.floor((y - paper.top) / (paper.across * aspect));
    if (cells[row]?.[column] !== undefined) (cells[row] as string[])[column] = sign;
  };
  for (const solid of plan?.solids ?? [])
    for (const spot of along(solid.points, solid.closed, paper.across / 2)) put(spot, '#');
  const standing = things.filter(({ holder, id }) => holder === null && id !== self.id);
  for (const thing of standing.filter((one) => !isPlayer(one))) put(thing, signs.get(thing.kind) ?? '?');
  for (const thing of standing.filter(isPlayer)) put(thing, 'P');
  put(self, '@');
  const edge = `+${'-'.repeat(paper.columns)}+`;
  return [edge, ...cells.map((row) => `|${row.join('')}|`), edge, ...legend];
}

/** The zone, or what is near, as large as it fits. */
function layOut({ width, height, self, near, columns, rows }: MapOptions, legendLines: number): Paper {
  const left = near === undefined ? 0 : Math.max(0, self.x - near);
  const top = near === undefined ? 0 : Math.max(0, self.y - near);
  const wide = near === undefined ? width : Math.min(width, self.x + near) - left;
  const tall = near === undefined ? height : Math.min(height, self.y + near) - top;
  const most = { columns: Math.max(8, columns - 2), rows: Math.max(4, rows - legendLines - 3) };
  const across = Math.max(wide / most.columns, tall / (most.rows * aspect), 0.05);
  const spread = (metres: number, size: number, limit: number) =>
    Math.min(limit, Math.max(1, Math.ceil(metres / size - 1e-9)));
  return {
    left,
    top,
    across,
    columns: spread(wide, across, most.columns),
    rows: spread(tall, across * aspect, most.rows),
  };
}

/** Letters by kind: the first of its name that is free. */
function chooseSigns(things: readonly Thing[], self: Thing, columns: number) {
  const kinds = new Map<string, number>();
  const players = things.filter((thing) => isPlayer(thing) && thing.id !== self.id);
  for (const thing of things)
    if (thing.holder === null && !isPlayer(thing)) kinds.set(thing.kind, (kinds.get(thing.kind) ?? 0) + 1);
  const taken = new Set<string>();
  const signs = new Map<string, string>();
  for (const kind of [...kinds.keys()].sort()) {
    const wanted = [...kind.toLowerCase()].filter((letter) => letters.includes(letter));
    const choices = [...wanted, ...wanted.map((letter) => letter.toUpperCase()), ...letters, ...letters.toUpperCase()];
    const sign = choices.find((letter) => !taken.has(letter) && letter !== 'P');
    if (sign === undefined) break;
    taken.add(sign);
    signs.set(kind, sign);
  }
  const entries = [
    `@ you (${callIt(self)})`,
    ...players.slice(0, 8).map((thing) => `P ${callIt(thing)}`),
    ...[...signs].map(([kind, sign]) => `${sign} ${kind}${(kinds.get(kind) ?? 1) > 1 ? ` x${kinds.get(kind)}` : ''}`),
  ];
  return { signs, legend: toLegend(entries, columns) };
}

function toLegend(entries: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 3 + entry.length <= columns) lines[lines.length - 1] = `${last}   ${entry}`;
    else lines.push(clip(entry, columns));
  }
  return lines;
}

/** Spots along the edges of an outline, so near to each other that no character between them is left out. */
function* along(points: readonly Spot[], closed: boolean, step: number): Iterable<Spot> {
  const count = closed ? points.length : points.length - 1;
  for (let index = 0; index < count; index++) {
    const from = points[index] as Spot;
    const to = points[(index + 1) % points.length] as Spot;
    const steps = Math.min(2_000, Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step)));
    for (let at = 0; at <= steps; at++)
      yield { x: from.x + ((to.x - from.x) * at) / steps, y: from.y + ((to.y - from.y) * at) / steps };
  }
}
