/** What zones, kinds and objects cost, ranked and in plain words: the answer to "what is eating my server". */
import type { KindCost, ObjectCost, ZoneId, ZoneStats } from '../contract/link.ts';
import type { NodeStats, RankedCost } from '../contract/plugin.ts';
import type { Examined } from '../contract/ports.ts';

/** Costs are of so many milliseconds. */
const overMs = 5_000;
const ranksMost = 20;
/** An object that has this part of its kind's cost is named with it. */
const mostly = 0.3;
/** The name under which zones tell what no handler has spent. */
const roost = '@roost';

/** Of all kinds and of all objects, the dearest first. */
export function rankCosts(zones: readonly ZoneStats[]): Pick<NodeStats, 'kinds' | 'objects'> {
  return {
    kinds: rank(zones.flatMap((zone) => zone.costs.map((cost) => rankKind(zone, cost)))),
    objects: rank(zones.flatMap((zone) => zone.objectCosts.map((cost) => rankObject(zone, cost)))),
  };
}

function rank(costs: readonly RankedCost[]): readonly RankedCost[] {
  return costs
    .filter(({ percent }) => percent > 0)
    .sort((a, b) => b.percent - a.percent)
    .slice(0, ranksMost);
}

function rankKind({ zone, objectCosts }: ZoneStats, cost: KindCost): RankedCost {
  const { kind, build } = cost;
  const percent = percentOf(cost.cpuMs);
  const dearest = objectCosts.find((one) => one.kind === kind && one.cpuMs >= cost.cpuMs * mostly);
  return { zone, kind, build, object: null, percent, words: tellKind(zone, cost, dearest) };
}

function rankObject({ zone, costs }: ZoneStats, cost: ObjectCost): RankedCost {
  const { id: object, kind } = cost;
  const build = costs.find((one) => one.kind === kind)?.build ?? '';
  const percent = percentOf(cost.cpuMs);
  const words = `${nameOf(cost)} spends ${inPercent(percent)} of a core in ${zone}${paceOf(cost)}`;
  return { zone, kind, build, object, percent, words };
}

function tellKind(zone: ZoneId, cost: KindCost, dearest: ObjectCost | undefined): string {
  const share = `${inPercent(percentOf(cost.cpuMs))} of a core`;
  if (cost.kind === roost) return `Roost itself spends ${share} on ${zone}: taking in, giving out, loading scripts`;
  const script = cost.build === '' ? cost.kind : `${cost.kind} (build ${cost.build})`;
  const where = dearest
    ? `, mostly ${nameOf(dearest)}`
    : `, ${counted(cost.objects, 'object')} with ${counted(cost.calls, 'handler call')} in 5 s`;
  return `${script} spends ${share} in ${zone}${where}${paceOf(cost)}`;
}

/** What is to be said of one object: what it costs, how it is slowed, what went wrong. */
export function tellObject({ build, resting, faults, cost, kindCost }: Examined): string {
  const parts: string[] = [];
  if (resting !== null) parts.push(`its script rests: ${resting}`);
  else if (cost) parts.push(`it spends ${inPercent(percentOf(cost.cpuMs))} of a core${paceOf(cost)}`);
  else parts.push(build === null ? 'it has no script' : 'it costs next to nothing');
  if (kindCost && kindCost.cpuMs > 0) {
    parts.push(`all ${kindCost.kind} here spend ${inPercent(percentOf(kindCost.cpuMs))}${paceOf(kindCost)}`);
  }
  if (faults > 0) parts.push(`${faults} ${faults === 1 ? 'handler has' : 'handlers have'} failed`);
  return parts.join('; ');
}

function nameOf({ name, kind, id }: ObjectCost): string {
  return id === '' ? "the zone's own script" : `${name || id} (${kind})`;
}

/** What its budget has come to. */
function paceOf({ every }: Pick<KindCost, 'every'>): string {
  if (every === 1) return '';
  if (every === 0) return '; over its budget, it rests for a while';
  return `; over its budget, it ticks every ${every === 2 ? '2nd' : `${every}th`} time`;
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function percentOf(cpuMs: number): number {
  return Math.round((cpuMs / overMs) * 10_000) / 100;
}

function inPercent(percent: number): string {
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}
