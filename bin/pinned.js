/** Finds the Node that Roost is pinned to. Plain JavaScript: it runs under whatever Node the machine has. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const { optionalDependencies } = require('../package.json');

const notInstalled =
  "Roost's packages are not installed.\nNext step: run `npm start` (or `npm ci`) in the folder of Roost, then start again.";

/**
 * The path of the pinned Node's executable: from the platform package when it is installed, else the running Node
 * when that is new enough.
 * @returns {{ path: string } | { problem: string }}
 */
export function findPinnedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const version = optionalDependencies[name];
  if (version !== undefined) {
    const manifest = findManifest(name);
    if (manifest && JSON.parse(readFileSync(manifest, 'utf8')).version === version) {
      const path = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (existsSync(path)) return { path };
    }
  }
  if (findManifest('zod') === undefined) return { problem: notInstalled };
  if (Number(process.versions.node.split('.')[0]) >= 24) return { path: process.execPath };
  return {
    problem:
      `Roost needs Node 24 and this is ${process.version}; ` +
      (version === undefined
        ? `for ${process.platform} ${process.arch} there is no package that brings it.\nNext step: install Node 24 or newer, then start again.`
        : `the package ${name} ${version} that brings it is not installed.\nNext step: run \`npm ci\` (in an own project: \`npm install roost --include=optional\`), then start again.`),
  };
}

/** @returns {string | undefined} */
function findManifest(/** @type {string} */ name) {
  try {
    return require.resolve(`${name}/package.json`);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
