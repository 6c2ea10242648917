/** `roost check`: reads every script, map, game and plugin as a start would, runs each script once, and serves nothing. */
import type { Config } from './config.ts';
import { createCompiler } from './content/compiler.ts';
import type { Fault } from './contract/content.ts';
import type { Log, Reports } from './contract/ports.ts';
import { checkPlugins } from './methods/check.ts';
import { systemClock } from './node/clock.ts';
import { tryScripts } from './node/validate.ts';
import { createWorld } from './node/world.ts';

/** What is wrong, by file and place, and how many files were looked at. */
export type Checked = { readonly faults: readonly Fault[]; readonly files: number };

export async function checkEverything(config: Config, log: Log): Promise<Checked> {
  const world = await checkWorld(config, log);
  const plugins = await checkPlugins(config.plugins.map((path, index) => ({ path, builtIn: index === 0 })));
  return { faults: [...world.faults, ...plugins.faults], files: world.files + plugins.files };
}

async function checkWorld(config: Config, log: Log): Promise<Checked> {
  const { roots, compileMs } = config;
  const compiler = createCompiler({ roots, deadlineMs: compileMs });
  try {
    const world = createWorld({
      roots,
      compiler,
      builds: { good: () => undefined, goods: () => [] },
      swaps: { begin: () => {} },
      reports: unheard,
      log,
      clock: systemClock,
      onChanged: async () => {},
    });
    await world.refresh();
    // Broken files are told by the compiler; what is left is run once.
    const faults = [...world.faults(), ...(await tryScripts(config, log, world))];
    return { faults, files: world.files() };
  } finally {
    compiler.close();
  }
}

/** Faults are gathered when everything was read; nobody listens in between. */
const unheard: Reports = { script() {}, fault() {}, watch() {}, onWatch: () => () => {} };
