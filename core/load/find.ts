/** Scenarios by name, or out of a file. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HostError } from '../contract/errors.ts';
import type { Options, Scenario } from './definition.ts';
import { defineScenario } from './load.ts';

/** Those that come with Roost, by name. */
const shipped: ReadonlyMap<string, () => Promise<{ readonly default: Scenario }>> = new Map([
  ['turn', () => import('./scenarios/turn.ts')],
  ['zone', () => import('./scenarios/zone.ts')],
  ['chat', () => import('./scenarios/chat.ts')],
]);

/** @param wanted  Name, or path of a file. @throws HostError `config.wrong` */
export async function findScenario(wanted: string, cwd: string): Promise<Scenario> {
  const own = shipped.get(wanted);
  if (own !== undefined) return (await own()).default;
  const path = resolve(cwd, wanted);
  if (wanted === '' || !statSync(path, { throwIfNoEntry: false })?.isFile())
    throw wrong(
      `there is no scenario ${wanted || '(empty)'}: wanted ${[...shipped.keys()].join(', ')} or the path of a file`,
    );
  return await read(path, wanted);
}

async function read(path: string, wanted: string): Promise<Scenario> {
  let found: unknown;
  try {
    ({ default: found } = (await import(pathToFileURL(path).href)) as { default?: unknown });
  } catch (error) {
    throw wrong(
      `${placeOf(error) ?? wanted} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof found !== 'object' || found === null)
    throw wrong(`${wanted}: wanted \`export default defineScenario({ … })\`, found ${typeof found}`);
  try {
    return defineScenario(found as Scenario);
  } catch (error) {
    throw wrong(`${wanted}: ${(error as Error).message}`);
  }
}

/** `/home/me/errand.ts:5` of what is no right script: Node writes it above the error. */
function placeOf(error: unknown): string | undefined {
  const [, file, line] = /^(.+?):(\d+)$/m.exec(String((error as Error | undefined)?.stack).split('\n')[0] ?? '') ?? [];
  return file === undefined ? undefined : `${file.startsWith('file:') ? fileURLToPath(file) : file}:${line}`;
}

/** @param given  `zone=farmyard/barn`. @throws HostError `config.wrong` */
export function readOptions(scenario: Scenario, given: readonly string[]): Options {
  const defaults = new Map(Object.entries(scenario.options ?? {}));
  const options = new Map(defaults);
  for (const pair of given) {
    const [name = '', ...rest] = pair.split('=');
    const value = rest.join('=');
    const usual = defaults.get(name);
    if (usual === undefined || rest.length === 0)
      throw wrong(
        `--with wants one of ${[...defaults.keys()].map((key) => `${key}=…`).join(', ') || 'nothing'}, found ${pair}`,
      );
    if (typeof usual === 'number' && (value.trim() === '' || !Number.isFinite(Number(value))))
      throw wrong(`--with ${name}=… wants a number, found ${value || 'nothing'}`);
    options.set(name, typeof usual === 'number' ? Number(value) : value);
  }
  return Object.fromEntries(options);
}

function wrong(message: string): HostError {
  return new HostError('config.wrong', message);
}
