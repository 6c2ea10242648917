/** `roost check`: compiles and checks every script, plugin, map and game as a start would, and starts nothing. */
import type { Config } from './config.ts';
import type { Fault } from './contract/content.ts';
import { checkPlugins } from './methods/check.ts';

/** Everything that is wrong, by file and place, and how many files were looked at. */
export async function checkEverything(config: Config): Promise<{ faults: readonly Fault[]; files: number }> {
  const [builtIn, ...others] = config.plugins;
  const plugins = await checkPlugins([
    ...(builtIn === undefined ? [] : [{ path: builtIn, builtIn: true }]),
    ...others.map((path) => ({ path, builtIn: false })),
  ]);
  return plugins;
}
