/**
 * Brings node_modules in line with package-lock.json before `npm start`, `npm test` and `npm run check`.
 *
 * Plain JavaScript without dependencies: it runs under whatever Node (≥ 18) the machine has, before anything is installed.
 * With `--dev` the tools for testing have to be there too.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockFile = join(root, '.setup.lock');
/** One line of progress this often, so that nobody takes a compiling machine for a hanging one. */
const PROGRESS_MS = 5_000;

/** @returns {Record<string, any>} the packages of a lock file, or nothing when it is missing or half-written. */
function packagesOf(/** @type {string} */ file) {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/**
 * What is missing from node_modules, or nothing. npm writes node_modules/.package-lock.json last, after every
 * install script has run: an interrupted install is therefore seen as missing.
 * @param {boolean} dev  Whether the tools for testing are needed too.
 */
function whatIsMissing(dev) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || (entry.dev && !dev)) continue;
    const here = present[path];
    // A package for another platform is rightly absent; one of another version never is.
    if (here ? here.integrity !== entry.integrity : !isForAnotherPlatform(entry) && !entry.optional) return path;
    if (!here && entry.optional && path.startsWith('node_modules/node-') && !isForAnotherPlatform(entry)) return path;
  }
  const addon = 'node_modules/sqlite3/build/Release/node_sqlite3.node';
  return existsSync(join(root, addon)) ? undefined : addon;
}

function isForAnotherPlatform(/** @type {{ os?: string[], cpu?: string[] }} */ { os, cpu }) {
  return (os && !os.includes(process.platform)) || (cpu && !cpu.includes(process.arch));
}

/** Takes the lock, waiting while a living process holds it. Gives back the way to let go of it. */
async function lock() {
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    for (let told = false; ; ) {
      try {
        linkSync(mine, lockFile); // Atomic: exactly one of two starters gets it.
        return () => rmSync(lockFile, { force: true });
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readHolder();
      if (holder !== undefined && !isAlive(holder)) takeFromTheDead(holder);
      else {
        if (!told) console.log(`Roost: another start (process ${holder}) is installing the packages; waiting for it.`);
        told = true;
        await new Promise((wake) => setTimeout(wake, 250));
      }
    }
  } finally {
    unlinkSync(mine);
  }
}

function readHolder() {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Moves a dead process's lock aside; if a living one took it in between, that one gets it back. */
function takeFromTheDead(/** @type {number} */ dead) {
  const aside = `${lockFile}.dead.${process.pid}`;
  try {
    renameSync(lockFile, aside);
    if (Number(readFileSync(aside, 'utf8')) !== dead) linkSync(aside, lockFile);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Runs `npm ci`, telling every few seconds what it is at. Resolves with its exit code and the end of what it said. */
function runNpm(/** @type {boolean} */ dev) {
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith('.js')
    ? [process.env.npm_node_execpath ?? process.execPath, [npm]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const args = ['ci', '--loglevel=error', '--ignore-scripts=false', '--include=optional'];
  if (dev || process.env.NODE_ENV !== 'production') args.push('--include=dev');
  // The pinned Node brings its own headers; without this node-gyp fetches those of whichever Node runs npm.
  const headers = join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  );
  const child = spawn(command, [...before, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command.endsWith('.cmd'),
    env: { ...process.env, npm_config_nodedir: headers },
  });
  let said = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    said = (said + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const forward = () => child.kill('SIGTERM');
  process.once('SIGTERM', forward).once('SIGINT', forward);
  const started = Date.now();
  const progress = setInterval(() => {
    const compiling = existsSync(join(root, 'node_modules', 'sqlite3', 'build'));
    const what = compiling ? 'compiling SQLite (about a minute)' : 'fetching packages';
    console.log(`  ${Math.round((Date.now() - started) / 1000)} s: ${what} …`);
  }, PROGRESS_MS);
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) =>
      done({ code: code ?? 1, signal, said, seconds: Math.round((Date.now() - started) / 1000) }),
    );
  }).finally(() => {
    clearInterval(progress);
    process.off('SIGTERM', forward).off('SIGINT', forward);
  });
}

/** The next step for a person whose install failed, read from what npm said and what the machine lacks. */
function nextStep(/** @type {string} */ said) {
  const lacking = ['make', 'g++', 'python3'].filter((tool) => spawnSync(tool, ['--version']).error);
  if (/gyp ERR|node-gyp/.test(said) && lacking.length > 0 && process.platform !== 'win32') {
    return (
      `SQLite has to be compiled here and this machine lacks ${lacking.join(', ')}.\n` +
      'Next step: install a compiler, then run the same command again.\n' +
      '  Debian, Ubuntu: sudo apt-get install -y build-essential python3\n' +
      '  Fedora:         sudo dnf install -y gcc-c++ make python3\n' +
      '  macOS:          xcode-select --install'
    );
  }
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET/.test(said)) {
    return 'The package registry could not be reached.\nNext step: check the network (and `npm config get registry`, `npm config get proxy`), then run the same command again.';
  }
  if (/EACCES|EPERM|EROFS/.test(said)) {
    return `npm may not write to ${root}.\nNext step: make the folder yours (ls -ld "${root}"), then run the same command again.`;
  }
  if (/ENOSPC/.test(said))
    return 'The disk is full.\nNext step: make room for about 500 MB, then run the same command again.';
  return 'Next step: run `npm ci` by hand to see all of its output.';
}

async function install(/** @type {boolean} */ dev, /** @type {string} */ missing) {
  const count = Object.keys(packagesOf(join(root, 'package-lock.json'))).length;
  const why = existsSync(join(root, 'node_modules')) ? `${missing} is not as package-lock.json says` : 'first start';
  console.log(
    `Roost: installing its packages with npm ci (${why}; up to ${count} packages, about 500 MB, one to three minutes).`,
  );
  const { code, signal, said, seconds } = await runNpm(dev);
  if (code === 0) {
    const still = whatIsMissing(dev);
    if (!still) {
      console.log(`Roost: packages installed in ${seconds} s.`);
      return 0;
    }
    console.error(
      `Roost: npm ci ended well, but ${still} is missing.\nNext step: run \`npm ci\` by hand to see all of its output.`,
    );
    return 1;
  }
  console.error(said.split('\n').slice(-30).join('\n'));
  console.error(`Roost: npm ci failed after ${seconds} s (${signal ?? `exit code ${code}`}).`);
  if (!signal) console.error(nextStep(said));
  return 1;
}

const dev = process.argv.includes('--dev');
if (whatIsMissing(dev)) {
  const unlock = await lock();
  try {
    // Whoever held the lock before may have done the work.
    const missing = whatIsMissing(dev);
    if (missing) process.exitCode = await install(dev, missing);
  } finally {
    unlock();
  }
}
