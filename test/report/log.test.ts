import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../core/report/log.ts';
import { toTerminal } from '../../core/report/terminal.ts';
import { run } from '../support/run.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  write(log);
  log.release();
  return lines;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
const bare = (line: string) => line.replace(/\u001b\[\d+m/g, '');

describe('the log', () => {
  it('M-15 neutralises what could steer a terminal, in texts, fields and keys', () => {
    const [line] = logged((log) => log.warn({ name: '\u001b[2J\u009b', '\u202ekey': 'x' }, 'said \u0007 %s'));
    expect(JSON.parse(line as string)).toMatchObject({
      name: '\\u001b[2J\\u009b',
      '\\u202ekey': 'x',
      msg: 'said \\u0007 %s',
    });
  });

  it('M-15 cuts long texts and deep data', () => {
    const [line] = logged((log) => log.info({ text: 'x'.repeat(5_000), a: { b: { c: { d: { e: 1 } } } } }, 'long'));
    const { text, a } = JSON.parse(line as string);
    expect(text).toBe(`${'x'.repeat(1_024)}… (5000 characters)`);
    expect(JSON.stringify(a)).toBe('{"b":{"c":{"d":"…"}}}');
  });

  it('a terminal gets one line with what the text does not say already', () => {
    const fields = { file: 'scripts/hen.ts', line: 3, zone: 'farm/meadow', blame: ['a b'] };
    const [line] = logged((log) => log.warn(fields, 'not loaded: scripts/hen.ts:3:7: Unexpected token'));
    expect(bare(toTerminal(line as string))).toMatch(
      /^\d\d:\d\d:\d\d warn {2}not loaded: scripts\/hen\.ts:3:7: Unexpected token zone=farm\/meadow blame=\["a b"\]\n$/,
    );
  });
});

describe('a log that goes to a file', () => {
  it.skipIf(process.platform === 'win32')(
    'goes on when the disk that was full has room again, and says what is lost',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'roost-log-'));
      const file = join(folder, 'node.log');
      const module = JSON.stringify(new URL('../../core/report/log.ts', import.meta.url).href);
      const script = `
      const { createLog } = await import(${module});
      const log = createLog('info');
      log.release();
      for (let line = 0; line < 100; line++) log.info({ line }, 'x'.repeat(200));
      (await import('node:fs')).truncateSync(process.argv[1]);
      log.info({}, 'after');`;
      // No file may grow beyond some kilobytes: what comes then is refused, as by a full disk.
      const shell = ['-c', 'ulimit -S -f 8; exec "$0" "$@" 2>> "$LOG"', process.execPath];
      const ran = await run('/bin/sh', [...shell, '--input-type=module', '-e', script, file], { env: { LOG: file } });
      expect(ran).toMatchObject({ code: 0 });
      const [lost, after, ...more] = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
      expect(JSON.parse(lost ?? '')).toMatchObject({ level: 'warn', lines: expect.any(Number) });
      expect(JSON.parse(after ?? '')).toMatchObject({ msg: 'after' });
      expect(more).toEqual([]);
      await rm(folder, { recursive: true });
    },
  );
});
