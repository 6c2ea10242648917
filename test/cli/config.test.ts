/** `roost config`: what counts, where it comes from, and a file to change it in. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings } from '../../core/config.ts';
import { runNode } from '../support/run.ts';

const launcher = join(import.meta.dirname, '../../bin/roost.js');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const config = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runNode([launcher, 'config', ...words], { cwd: folder, env });

describe('roost config', { timeout: 60_000 }, () => {
  it('CLI-08 shows every setting, where it comes from, and no secret', async () => {
    await writeFile(join(folder, 'roost.config.ts'), 'export default { flushMs: 100 };\n');
    const env = { ROOST_GAME: 'devtest', ROOST_METRICS_TOKEN: '0123456789abcdef' };
    const { code, stdout } = await config(['show', '--port', '4000'], env);
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(Object.keys(settings));
    expect(stdout).toMatch(/^port +4000 {2}\(--port\)$/m);
    expect(stdout).toMatch(/^game +"devtest" {2}\(environment ROOST_GAME\)$/m);
    expect(stdout).toMatch(/^flushMs +100 {2}\(roost\.config\.ts, flushMs\)$/m);
    expect(stdout).toMatch(/^drainMs +10000 {2}\(default\)$/m);
    expect(stdout).not.toContain('0123456789abcdef');
    // Why a variable does not count is asked here.
    expect(await config(['show', 'port'], { ROOST_PROT: '4000' })).toMatchObject({
      code: 0,
      stderr: 'unknown variable ROOST_PROT; did you mean ROOST_PORT?\n',
    });
  });

  it('CLI-08 explains one setting by its name or its variable', async () => {
    for (const name of ['flushMs', 'ROOST_FLUSH_MS', 'flush-ms']) {
      const { code, stdout } = await config(['show', name]);
      expect(code).toBe(0);
      expect(stdout).toContain(settings.flushMs.doc);
      expect(stdout).toContain('from 10 to 60000 (ms); default: 250 ms');
    }
    const { stdout: some } = await config(['show', 'turn']);
    const turns = Object.keys(settings).filter((name) => name.startsWith('turn'));
    expect(
      some
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(turns);
    expect(await config(['show', 'flash'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no setting flash'),
    });
  });

  it('CLI-08 writes a file of all settings that changes nothing, and not over another', async () => {
    const before = await config(['show']);
    expect(await config(['generate'])).toMatchObject({ code: 0, stdout: expect.stringContaining('wrote') });
    const file = join(folder, 'roost.config.ts');
    const text = await readFile(file, 'utf8');
    for (const name of Object.keys(settings)) expect(text).toContain(`// ${name}: `);
    expect(await config(['show'])).toEqual(before);
    // Each line is right as it stands.
    await writeFile(file, text.replaceAll(/^( {2})\/\/ (?=\w+: )/gm, '$1').replace(/^ +data: .*$/m, ''));
    expect(await config(['show', 'port'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('roost.config.ts, port'),
    });
    expect(await config(['generate'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    expect(await config(['generate', '--force'])).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});
