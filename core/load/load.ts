/** What the author of a scenario imports: `import { defineScenario } from 'roost/load'`. docs/load.md explains it. */
import type { Options, Scenario } from './definition.ts';

export { CallError, type Client } from '../client/client.ts';
export type { Behaviour, Options, Player, Run, Scenario } from './definition.ts';
export type { HttpReply, HttpRequest } from './http.ts';
export type { Random } from './random.ts';
export { RequestError } from './request-error.ts';
export type { Thread } from './thread.ts';

/** Steps a second of each client. */
export const ratesLeast = 0.001;
export const ratesMost = 10_000;

/** What a scenario may have, and what `typeof` says of it. */
const wantedOf: ReadonlyMap<string, string> = new Map([
  ['doc', 'string'],
  ['rate', 'number'],
  ['options', 'object'],
  ['prepare', 'function'],
  ['player', 'function'],
]);

/** Checks what a scenario is. @throws TypeError that names what is wrong: a slip in a name would never be called */
export function defineScenario<Shared, const Named extends Options>(scenario: Scenario<Shared, Named>): Scenario {
  for (const [name, part] of Object.entries(scenario)) {
    const wanted = wantedOf.get(name);
    if (wanted === undefined)
      throw new TypeError(`A scenario has no "${name}"; it may have ${[...wantedOf.keys()].join(', ')}`);
    if (part !== undefined && typeof part !== wanted) throw new TypeError(`A scenario's "${name}" is a ${wanted}`);
  }
  const { rate, options = {} } = scenario;
  if (rate !== undefined && !(rate >= ratesLeast && rate <= ratesMost))
    throw new TypeError(`A scenario's "rate" is a number from ${ratesLeast} to ${ratesMost}, found ${rate}`);
  for (const [name, value] of Object.entries(options))
    if (typeof value !== 'string' && !Number.isFinite(value))
      throw new TypeError(`A scenario's option "${name}" is a text or a number`);
  for (const name of ['doc', 'player'] as const)
    if (scenario[name] === undefined) throw new TypeError(`A scenario needs "${name}"`);
  // Its options and what its players share are its own matter from here on.
  return scenario as unknown as Scenario;
}
