/** Charts as inline SVG: colours come from the page, so that they suit light and dark. */
import { html, type Markup } from './markup.ts';

/** A place on the axis from left to right, and what stands under it. */
export type Tick = { readonly at: number; readonly label: string };

export type Series = {
  readonly name: string;
  /** Class of its colour: `c1` to `c6`, `bad`. */
  readonly colour: string;
  /** `y` is null where there is nothing to show: a line has a gap there. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
};

export type Chart = {
  readonly title: string;
  /** What one reads out of it, in a sentence. */
  readonly about: string;
  readonly series: readonly Series[];
  /** From 0. */
  readonly xMost: number;
  readonly xTicks: readonly Tick[];
  /** Powers of ten have equal distances; for times, which go from fractions of a millisecond to seconds. */
  readonly isLog?: boolean;
  /** Columns one above the other, instead of lines. */
  readonly isBars?: boolean;
  /** What a value is called. */
  readonly show: (value: number) => string;
  /** The same on the axis; as `show` unless said. */
  readonly showTick?: (value: number) => string;
  /** What stands over the values where one points. */
  readonly showX: (x: number) => string;
  /** Nothing was measured up to there. */
  readonly shadeTo?: number;
};

const width = 760;
const height = 250;
const left = 64;
const right = 22;
const top = 10;
const bottom = 28;

/** Places on the axis up, and where a value is on it: 0 at the bottom, 1 at the top. */
type Scale = { readonly ticks: readonly number[]; readonly place: (value: number) => number };

export function drawChart(chart: Chart): Markup {
  const { title, about, series, xTicks, showTick = chart.show, shadeTo = 0 } = chart;
  const scale = chart.isLog ? logScale(chart) : linearScale(chart);
  const x = (value: number) => round(left + (value / Math.max(chart.xMost, 1e-9)) * (width - left - right));
  const y = (value: number) => round(height - bottom - scale.place(value) * (height - top - bottom));
  return html`<figure>
<figcaption><h3>${title}</h3>${series.map(({ name, colour }) => html`<span class="key ${colour}">${name}</span>`)}</figcaption>
<div><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${about}">
${shadeTo > 0 ? html`<rect class="shade" x="${left}" y="${top}" width="${round(x(shadeTo) - left)}" height="${height - top - bottom}"/>` : null}
${scale.ticks.map((tick) => html`<line class="grid" x1="${left}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick end" x="${left - 8}" y="${y(tick) + 4}">${showTick(tick)}</text>`)}
${xTicks.map(({ at, label }) => html`<text class="tick ${x(at) > width - right - 10 ? 'end' : 'middle'}" x="${Math.min(x(at), width - right)}" y="${height - 8}">${label}</text>`)}
${chart.isBars ? bars(chart, x, y) : series.map(({ colour, points }) => html`<path class="line ${colour}" d="${toPath(points, x, y)}"/>`)}
${pointers(chart, x)}
</svg></div>
</figure>
`;
}

type Place = (value: number) => number;

function toPath(points: Series['points'], x: Place, y: Place): string {
  // A point between two gaps is a dot.
  return points
    .map(({ x: at, y: value }, i) => {
      if (value === null) return '';
      return (points[i - 1]?.y ?? null) === null ? `M${x(at)} ${y(value)}h0` : `L${x(at)} ${y(value)}`;
    })
    .join('');
}

/** One column for each place, its parts one above the other. */
function bars({ series, xMost }: Chart, x: Place, y: Place): Markup[] {
  const heights = new Map<number, number>();
  const columns = new Set(series.flatMap(({ points }) => points.map((point) => point.x))).size;
  const wide = Math.max(1, round(((width - left - right) / Math.max(columns, xMost, 1)) * 0.8));
  return series.flatMap(({ colour, points }) =>
    points
      .map(({ x: at, y: value }) => ({ at, value: value ?? 0 }))
      .filter(({ value }) => value > 0)
      .map(({ at, value }) => {
        const from = heights.get(at) ?? 0;
        heights.set(at, from + value);
        const [low, high] = [y(from), y(from + value)];
        return html`<rect class="bar ${colour}" x="${round(x(at) - wide / 2)}" y="${high}" width="${wide}" height="${round(low - high)}"/>`;
      }),
  );
}

/** Invisible columns that say the numbers where one points. */
function pointers({ series, show, showX, xMost }: Chart, x: Place): Markup[] {
  const values = new Map<number, string[]>();
  for (const { name, points } of series)
    for (const point of points)
      values.set(point.x, [...(values.get(point.x) ?? []), `${name} ${point.y === null ? '–' : show(point.y)}`]);
  const places = [...values.keys()].sort((a, b) => a - b);
  return places.map((at, i) => {
    const from = i === 0 ? 0 : (at + (places[i - 1] as number)) / 2;
    const to = i === places.length - 1 ? xMost : (at + (places[i + 1] as number)) / 2;
    const title = [showX(at), ...(values.get(at) ?? [])].join('\n');
    return html`<rect class="point" x="${x(from)}" y="${top}" width="${round(x(to) - x(from))}" height="${height - top - bottom}"><title>${title}</title></rect>`;
  });
}

function linearScale(chart: Chart): Scale {
  const sums = new Map<number, number>();
  for (const { points } of chart.series)
    for (const { x, y } of points)
      sums.set(x, chart.isBars ? (sums.get(x) ?? 0) + (y ?? 0) : Math.max(sums.get(x) ?? 0, y ?? 0));
  const most = Math.max(1, ...sums.values());
  const step = niceStep(most / 4);
  const end = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
  return { ticks, place: (value) => value / end };
}

/** 1, 2 or 5 with zeros. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

function logScale({ series }: Chart): Scale {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y ?? 0)).filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(1, ...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return { ticks, place: (value) => Math.max(0, (Math.log10(Math.max(value, 1e-9)) - low) / (high - low)) };
}

/** Half a pixel is fine enough. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
