/** A budget's decision in words: who spends what, and what follows. */
import type { ScriptReport } from '../contract/link.ts';
import type { Decision } from './budget.ts';
import type { Zone } from './zone.ts';

/** What a budget did, for people. */
export function reportSlow(decision: Decision, zone: Zone): ScriptReport {
  const { kind, object, every } = decision.throttle;
  const thing = object === null ? undefined : zone.objects.find(object);
  const name = kind ?? (thing ? `${thing.name || thing.id} (${thing.kind})` : (object ?? ''));
  const { percent, budget: most } = decision;
  const share = percent < 10 ? percent.toFixed(1) : percent.toFixed(0);
  const spends =
    decision.of === 'zone'
      ? `the zone spends ${share} % of a core where ${most} % is its budget, most of it ${name}`
      : `${name} spends ${share} % of a core ${percent > most ? 'where' : 'now:'} ${most} % is its budget`;
  const script = kind ?? thing?.kind ?? '';
  const build = zone.kinds.get(script)?.build ?? '';
  const message = `${spends}: ${every === 0 ? `it rests for ${decision.restS} s` : paces[every]}`;
  return zone.makeReport(object, 'slow', 'tick', message, { script, build });
}

const paces = {
  1: 'its tick runs as declared',
  2: 'its tick runs every 2nd time',
  4: 'its tick runs every 4th time',
  8: 'its tick runs every 8th time',
} as const;
