/** `roost check` for plugins: loads every file as a start would, and starts nothing. */
import type { Fault } from '../contract/content.ts';
import { type Build, importBuild } from './build.ts';
import { type Root, type Source, scanRoot } from './folder.ts';
import { faultAt, locate } from './locate.ts';
import { findConflict } from './registry.ts';
import { createSlot, type Slot } from './slot.ts';

/** What is wrong, by file and place, and how many files were looked at. */
export async function checkPlugins(
  roots: readonly Root[],
): Promise<{ readonly faults: readonly Fault[]; readonly files: number }> {
  const sources = (await Promise.all(roots.map(scanRoot))).flat();
  const faults: Fault[] = [];
  const claimed = new Map<Slot, Build['methods']>();
  for (const source of sources) {
    const build = await load(source, faults);
    if (!build) continue;
    const slot = createSlot(source.name, source);
    const conflict = findConflict(slot, build.methods, [...claimed.keys()], claimed);
    if (conflict) faults.push(conflict);
    else claimed.set(slot, build.methods);
    faults.push(...missing(build, sources));
  }
  return { faults, files: sources.reduce((count, { files }) => count + files.length, 0) };
}

async function load(source: Source, faults: Fault[]): Promise<Build | undefined> {
  try {
    const build = await importBuild(source, { number: 0, lenient: true, run: (work) => work() });
    faults.push(...build.leftOut);
    return build;
  } catch (error) {
    faults.push(locate(error, source, source.manifest ?? { ...source, text: '' }));
    return undefined;
  }
}

/** Plugins that it needs and nobody has. */
function missing({ manifest: { needs = [] }, source }: Build, sources: readonly Source[]): readonly Fault[] {
  return needs
    .filter((name) => !sources.some((other) => other.name === name))
    .map((name) => faultAt(source.manifest ?? source, `it needs the plugin "${name}", which is not there`));
}
