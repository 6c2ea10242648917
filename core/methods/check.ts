/** Loads plugins to see whether they would load, and starts none: `roost check`. */
import type { Fault } from '../contract/content.ts';
import { type BuiltMethod, importBuild } from './build.ts';
import { type Root, type Source, scanRoot } from './folder.ts';
import { faultAt, LoadError } from './locate.ts';

/** A method that a plugin brings, with the plugin's name. */
type Claim = BuiltMethod & { readonly plugin: string };

/** What is wrong with the plugins of these folders, and how many files were looked at. */
export async function checkPlugins(roots: readonly Root[]): Promise<{ faults: readonly Fault[]; files: number }> {
  const sources = (await Promise.all(roots.map(scanRoot))).flat();
  const faults: Fault[] = [];
  const claims: Claim[] = [];
  for (const source of sources) {
    const { methods, wrong } = await tryBuild(source);
    faults.push(...wrong);
    claims.push(...methods.map((method) => ({ ...method, plugin: source.name })));
  }
  return { faults: [...faults, ...conflicts(claims)], files: sources.flatMap(({ files }) => files).length };
}

async function tryBuild(source: Source): Promise<{ methods: readonly BuiltMethod[]; wrong: readonly Fault[] }> {
  try {
    const { methods, leftOut } = await importBuild(source, { number: 1, lenient: true, run: (work) => work() });
    return { methods, wrong: leftOut };
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return { methods: [], wrong: [error.fault] };
  }
}

/** Methods that two files claim where neither says that it replaces the other. */
function conflicts(claims: readonly Claim[]): readonly Fault[] {
  return claims.flatMap((claim, index) => {
    const other = claims.slice(0, index).find(({ name }) => name === claim.name);
    if (!other || replaces(claim, other) || replaces(other, claim)) return [];
    return [faultAt(claim, `two files claim the method ${claim.name}: ${other.shown} and ${claim.shown}`)];
  });
}

function replaces(one: Claim, other: Claim): boolean {
  return one.replaces.some((name) => name === other.name || name === other.plugin);
}
