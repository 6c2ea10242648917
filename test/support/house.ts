/**
 * The rules of the house as functions from sources to complaints, so that each can be shown to fail (test/house.test.ts).
 * Imports are found by pattern: the compiler has no JavaScript interface any more, and import lines are regular.
 */
import { posix } from 'node:path';

/** Path from the top of the repository → text. */
export type Sources = ReadonlyMap<string, string>;

/** What a file imports: `to` is a path in the repository for relative imports, else the name of a package. */
export type Import = { readonly from: string; readonly to: string; readonly relative: boolean };

const importPatterns = [
  /^\s*(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"\n]+)['"]/gm,
  /^\s*import\s*['"]([^'"\n]+)['"]/gm,
  /\bimport\(\s*['"]([^'"\n]+)['"]\s*[),]/g,
  /\b(?:require|getBuiltinModule)\(\s*['"]([^'"\n]+)['"]\s*\)/g,
];
/** Entries of threads and processes: `new URL('./watchdog.ts', import.meta.url)`. */
const entryPattern = /new URL\(\s*['"](\.[^'"\n]+\.(?:ts|js))['"]\s*,\s*import\.meta\.url/g;

export function importsOf(path: string, source: string): readonly Import[] {
  const found = importPatterns.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1] ?? ''));
  return found.map((name) => toImport(path, name));
}

function toImport(from: string, name: string): Import {
  const relative = name.startsWith('.');
  return { from, to: relative ? posix.join(posix.dirname(from), name) : name.replace(/^node:/, ''), relative };
}

function entriesOf(path: string, source: string): readonly Import[] {
  return [...source.matchAll(entryPattern)].map((match) => toImport(path, match[1] ?? ''));
}

/** `core/zone/zone.ts` → `zone`; `core/watch.ts` → `watch`; outside core nothing. */
function stationOf(path: string): string | undefined {
  return /^core\/([^/.]+)/.exec(path)?.[1];
}

/** Station → the stations it may import from, beside its own. `main → node → gateway, methods, zone → … → contract`. */
const layers: ReadonlyMap<string, readonly string[]> = new Map([
  ['main', ['node', 'check', 'cli', 'replay', 'report', 'configure', 'config', 'contract']],
  ['cli', ['content', 'client', 'shell', 'config', 'configure', 'load', 'contract']],
  ['replay', ['node', 'link', 'report', 'contract']],
  ['check', ['node', 'content', 'methods', 'config', 'contract']],
  [
    'node',
    ['gateway', 'methods', 'script', 'sync', 'store', 'content', 'link', 'report', 'watch', 'config', 'contract'],
  ],
  ['gateway', ['shell', 'sync', 'report', 'config', 'contract']],
  ['methods', ['watch', 'report', 'config', 'contract']],
  ['zone', ['script', 'sync', 'link', 'contract']],
  ['testing', ['replay', 'zone', 'script', 'content', 'client', 'contract']],
  ['script', ['contract']],
  ['sync', ['contract']],
  ['store', ['report', 'config', 'contract']],
  ['content', ['script', 'link', 'config', 'contract']],
  ['client', ['sync', 'contract']],
  ['bot', ['client', 'contract']],
  ['load', ['client', 'report', 'contract']],
  ['shell', ['contract']],
  ['link', ['contract']],
  ['report', ['config', 'contract']],
  ['watch', ['config', 'contract']],
  ['configure', ['config', 'contract']],
  ['config', []],
  ['contract', []],
]);

/** Imports against the arrows: `gateway` from `zone`, anything of core from a plugin or a game. */
export function layerFaults(sources: Sources): readonly string[] {
  return allImports(sources).flatMap(({ from, to, relative }) => {
    const station = stationOf(from);
    if (station === undefined) return [];
    if (!relative) return /^roost(\/|$)/.test(to) ? [`${from} imports ${to}, which is for authors outside core`] : [];
    const target = stationOf(to);
    if (to === 'package.json' || target === station) return [];
    const allowed = layers.get(station);
    if (allowed === undefined) return [`${from}: core/${station} has no place in the layers`];
    return target !== undefined && allowed.includes(target) ? [] : [`${from} imports ${to}`];
  });
}

/** Package → the only places in core and plugins that may know it. */
const doors: ReadonlyMap<string, RegExp> = new Map([
  ['socket.io', /^core\/gateway\/socket(\.ts|\/line\.ts)$/],
  ['engine.io', /^core\/gateway\/socket(\.ts|\/line\.ts)$/],
  ['socket.io-client', /^core\/client\//],
  ['fastify', /^core\/gateway\/http\.ts$/],
  ['planck-js', /^core\/zone\/physics(\.ts|\/(contacts|entry|follow|obstacles|shapes)\.ts)$/],
  ['isolated-vm', /^core\/script\/sandbox\.ts$/],
  ['knex', /^core\/store\//],
  ['sqlite3', /^core\/store\//],
  ['chokidar', /^core\/watch\.ts$/],
  ['pino', /^core\/report\//],
  ['prom-client', /^core\/report\/metrics\.ts$/],
  ['@opentelemetry/api', /^core\/report\/tracing\.ts$/],
  ['nodemailer', /^plugins\/auth\/_mail\.ts$/],
]);

/** Folders that one file beside them is made of: `physics.ts` of `physics/`. Nobody else imports from there. */
const innards: ReadonlySet<string> = new Set(['core/gateway/socket', 'core/zone/physics']);

/** Packages known outside the one place that may know them, and what lies behind a door imported past it. */
export function doorFaults(sources: Sources): readonly string[] {
  return allImports(sources).flatMap(({ from, to, relative }) => {
    if (!/^(core|plugins)\//.test(from)) return [];
    return relative ? innardsFaults(from, to) : packageFaults(from, to);
  });
}

function packageFaults(from: string, to: string): readonly string[] {
  const name = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? '');
  const place = doors.get(name);
  return place === undefined || place.test(from) ? [] : [`${from} imports ${to}: only ${place.source} may`];
}

function innardsFaults(from: string, to: string): readonly string[] {
  const folder = posix.dirname(to);
  const mayKnow = !innards.has(folder) || posix.dirname(from) === folder || from === `${folder}.ts`;
  return mayKnow ? [] : [`${from} imports ${to}: only ${folder}.ts may`];
}

/** Files that end a process: the command line, and the entries of processes and threads that the node starts. */
const enders = /^core\/(main|zone\/worker|zone\/watchdog|content\/compiler-process)\.ts$/;

export function exitFaults(sources: Sources): readonly string[] {
  return [...sources]
    .filter(([path]) => /^(core|plugins)\//.test(path) && !enders.test(path))
    .filter(([, source]) => /\bprocess\s*\.\s*(exit|abort|reallyExit)\b/.test(withoutComments(source)))
    .map(([path]) => `${path} ends the process`);
}

/** Loops of relative imports, each as `a → b → a`. `import type` leaves no trace when the code runs and makes none. */
export function loopFaults(sources: Sources): readonly string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to, relative } of allImports(withoutTypes(sources))) {
    if (relative) edges.set(from, [...(edges.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const loops: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) loops.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return loops;
}

/** Modules with which a worker could reach the network, other programs or a database. */
const barred =
  /^(net|http|https|http2|dgram|tls|dns|dns\/promises|inspector|inspector\/promises|cluster|child_process|sqlite|repl|undici|ws|knex|sqlite3|socket\.io|socket\.io-client|fastify|nodemailer)$/;
const barredGlobals = /\b(?:fetch|WebSocket|EventSource)\s*\(|\bprocess\s*\.\s*(?:binding|dlopen|getBuiltinModule)\b/;

/** Node reads and writes an inherited descriptor by `net.Socket`; that file may do this and nothing else of `net`. */
function isDescriptorDoor(path: string, source: string): boolean {
  const code = withoutComments(source);
  return path === 'core/link/fd.ts' && /import \{ Socket \} from 'node:net'/.test(code) && !/connect|listen/.test(code);
}

/** What a worker must not reach, in everything its entry imports or starts as a thread. */
export function workerFaults(sources: Sources, entry: string): readonly string[] {
  const seen = new Set<string>();
  const left = [entry];
  const faults: string[] = [];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const source = sources.get(path);
    if (seen.has(path) || source === undefined) continue;
    seen.add(path);
    if (barredGlobals.test(withoutComments(source))) faults.push(`${path} reaches out by a global`);
    for (const { to, relative } of [...importsOf(path, source), ...entriesOf(path, source)]) {
      if (relative) left.push(to);
      else if (barred.test(to) && !isDescriptorDoor(path, source)) faults.push(`${path} imports ${to}`);
    }
  }
  return faults;
}

/**
 * Where a module's state is nobody else's: the entries of processes and threads (one module, one process), and what runs
 * inside an isolate (one isolate, one zone).
 */
const ownState =
  /^core\/(report\/hold-thread|zone\/(worker|watchdog)|content\/compiler-process|script\/inside\/[\w-]+)\.ts$/;

/** State that lives as long as the process: two nodes in one process would share it. */
export function stateFaults(sources: Sources, known: ReadonlySet<string>): readonly string[] {
  const pattern =
    /^(?:export )?(?:(?:let|var) (\w+)|const (\w+)[^=\n]*= (?:new (?:Map|Set|WeakMap|WeakSet|Array)(?:<[^\n]*>)?\(\)|\[\]|\{\});)/gm;
  return [...sources]
    .filter(([path]) => /^(core|plugins|bin)\//.test(path) && !ownState.test(path))
    .flatMap(([path, source]) =>
      [...source.matchAll(pattern)]
        .filter(([line]) => !/^(?:export )?const [^=]*\breadonly/i.test(line))
        .map((match) => `${path}: ${match[1] ?? match[2]}`)
        .filter((name) => !known.has(name)),
    );
}

const openEnds = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b(?!\\s*\\(?#\\d)`);

/** Things left for later without the number of an issue. */
export function openEndFaults(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, source]) =>
    source.split('\n').flatMap((line, index) => (openEnds.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
}

/** Names that a page should mention and does not; a mention is the whole word. */
export function missingFrom(page: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    const word = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(page);
  });
}

/** Names of the members of an exported type or interface, of the first level. */
export function membersOf(source: string, type: string): readonly string[] {
  const start = new RegExp(`^export (?:interface ${type}\\b[^{]*|type ${type}\\b[^=]*= [^{]*)\\{`, 'm').exec(source);
  if (start === null) return [];
  const body = source.slice(start.index, source.indexOf('\n}', start.index));
  return [...new Set([...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[(<:]/gm)].map((match) => match[1] ?? ''))];
}

function withoutTypes(sources: Sources): Sources {
  return new Map([...sources].map(([path, text]) => [path, text.replace(/^(?:import|export) type \{/gm, 'type {')]));
}

function allImports(sources: Sources): readonly Import[] {
  return [...sources].flatMap(([path, source]) => importsOf(path, source));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, '');
}
