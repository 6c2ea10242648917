import { describe, expect, it } from 'vitest';
import { createLog } from '../../core/report/log.ts';
import { toTerminal } from '../../core/report/terminal.ts';

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
