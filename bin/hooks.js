/**
 * Module hooks of every Roost process (`--import bin/hooks.js`). They are global to the process by nature.
 *
 * - `roost`, `roost/plugin`, `roost/client`, `roost/bot` and `roost/load` mean this installation, from any folder, also one
 *   without node_modules;
 * - the version query of a plugin's file (`send.ts?v=4f1c…`) is handed on to the relative imports inside its folder,
 *   so that a reload takes the helper files along;
 * - types are stripped from files that lie under node_modules, which Node refuses to do by itself.
 */
import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const home = new URL('..', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'));

/** Specifier → URL of the source that `exports` in package.json names for it. */
const own = new Map(
  Object.entries(exports)
    .map(([name, file]) => [name, file.types ?? file])
    .filter(([, file]) => file.endsWith('.ts'))
    .map(([name, file]) => [`roost${name.slice(1)}`, new URL(file, home).href]),
);

/** URLs of the folders from which a file was imported with a version: the plugins. Ends with a slash. */
const pluginFolders = new Set();

registerHooks({ resolve, load });

function resolve(specifier, context, nextResolve) {
  const url = own.get(specifier);
  if (url !== undefined) return { url, format: 'module-typescript', shortCircuit: true };
  const resolved = nextResolve(specifier, context);
  return isVersioned(resolved.url) ? remember(resolved) : handOn(resolved, specifier, context.parentURL);
}

/** Asked for every import of the process: most have no query, and an URL is dear to take apart. */
function isVersioned(url) {
  return url.startsWith('file:') && url.includes('?') && new URL(url).searchParams.has('v');
}

function remember(resolved) {
  pluginFolders.add(new URL('.', resolved.url).href);
  return resolved;
}

/** Gives a helper file the version of the plugin file that imports it, when both are in one plugin's folder. */
function handOn(resolved, specifier, parent) {
  if (!/^\.\.?\//.test(specifier) || parent === undefined || !isVersioned(parent)) return resolved;
  if (!resolved.url.startsWith('file:')) return resolved;
  for (const folder of pluginFolders) {
    if (!parent.startsWith(folder) || !resolved.url.startsWith(folder)) continue;
    const url = new URL(resolved.url);
    url.searchParams.set('v', new URL(parent).searchParams.get('v'));
    return { ...resolved, url: url.href };
  }
  return resolved;
}

function load(url, context, nextLoad) {
  if (!isOurTypeScript(url)) return nextLoad(url, context);
  // amaro is what Node itself uses. Loaded only where it is needed: it takes 8 MB and some milliseconds.
  const { transformSync } = require('amaro');
  // Strip mode leaves blanks where types were: lines and columns stay those of the file.
  const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), { mode: 'strip-only' });
  return { format: 'module', source: code, shortCircuit: true };
}

/** Whether this is Roost's own or a plugin's TypeScript below node_modules; elsewhere Node strips types itself. */
function isOurTypeScript(url) {
  if (!url.startsWith('file:') || !url.includes('/node_modules/')) return false;
  const { href, pathname } = new URL(url);
  return pathname.endsWith('.ts') && (href.startsWith(home.href) || isVersioned(href));
}
