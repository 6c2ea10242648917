import { describe, expect, it } from 'vitest';
import { isBlamed } from '../../core/node/verdict.ts';

const enters = (zone: string, number: number) => JSON.stringify({ zone, number, tick: 7 });
const words = [enters('farm/meadow', 1), enters('farm/barn', 2)];
const hangs = JSON.stringify({ reason: 'hangs', zone: 2, slot: 3, handler: 4, rss: 1e8, ms: 500 });

describe('the end of a worker', () => {
  it('is blamed on the zone that ran last, never on its neighbours', () => {
    for (const why of ['ended by SIGABRT', 'ended with code 134', 'silent for 1000 ms; ended by SIGKILL']) {
      expect(isBlamed('farm/barn', why, words)).toBe(true);
      expect(isBlamed('farm/meadow', why, words)).toBe(false);
    }
    expect(isBlamed('farm/barn', 'ended by SIGKILL', [...words, hangs])).toBe(true);
    expect(isBlamed('farm/meadow', 'ended by SIGKILL', [...words, hangs])).toBe(false);
  });

  it('is nobody’s doing when somebody outside has killed it', () => {
    expect(isBlamed('farm/barn', 'ended by SIGKILL', words)).toBe(false);
    expect(isBlamed('farm/barn', 'closed its pipe; ended by SIGKILL', words)).toBe(false);
    const cut = 'truncated frame: the stream ended inside a frame; ended by SIGKILL';
    expect(isBlamed('farm/barn', cut, words)).toBe(false);
    expect(isBlamed('farm/barn', 'ended by SIGKILL', [])).toBe(false);
  });

  it('may be anybody’s when its last words say nothing', () => {
    for (const line of ['', 'null', '[1]', '"zone"', '{"zone":', '{"alive":300}']) {
      expect(isBlamed('farm/barn', 'ended by SIGABRT', [line])).toBe(true);
    }
  });
});
