import { describe, expect, it } from 'vitest';
import { readVerdict } from '../../core/node/verdict.ts';

const enters = (zone: string, number: number) => JSON.stringify({ zone, number, tick: 7 });
const words = [enters('farm/meadow', 1), enters('farm/barn', 2)];
const hangs = JSON.stringify({ reason: 'hangs', zone: 2, slot: 3, handler: 4, rss: 1e8, ms: 500 });

describe('the end of a worker', () => {
  it('is the doing of the zone that ran last, and of nobody who is known by name', () => {
    for (const why of ['ended by SIGABRT', 'ended with code 134', 'silent for 1000 ms; ended by SIGKILL']) {
      expect(readVerdict(why, words)).toMatchObject({ kind: 'zone', zone: 'farm/barn' });
    }
  });

  it('is the doing of the handler that the watchdog names, with the zone that its number stands for', () => {
    const verdict = {
      kind: 'handler',
      zone: 'farm/barn',
      slot: 3,
      handler: 4,
      why: 'it did not come back after 500 ms, its worker was ended (an endless loop, or memory that only grows?)',
    };
    expect(readVerdict('ended by SIGKILL', [...words, hangs])).toEqual(verdict);
    expect(readVerdict('ended by SIGKILL', [...words, hangs, '{"alive":300}'])).toEqual(verdict);
    const none = JSON.stringify({ reason: 'memory', zone: 1, slot: -1, handler: -1, rss: 2 ** 29, ms: 3 });
    const why = 'it took more memory than a worker may at 512 MB';
    expect(readVerdict('ended by SIGKILL', [...words, none])).toEqual({ kind: 'zone', zone: 'farm/meadow', why });
  });

  it('is the doing of whoever left most to be told, when a frame was too long', () => {
    const frame = (handler: number) => JSON.stringify({ reason: 'frame', zone: 'farm/barn', slot: 5, handler });
    const why = 'it left more to be told in one tick than there is room for';
    const named = { kind: 'handler', zone: 'farm/barn', slot: 5, handler: 8, why };
    expect(readVerdict('ended with code 1', [...words, frame(8)])).toEqual(named);
    expect(readVerdict('ended with code 1', [...words, frame(-1)])).toEqual({ kind: 'zone', zone: 'farm/barn', why });
  });

  it('is the doing of the handler on the last line of a careful zone', () => {
    const line = JSON.stringify({ zone: 'farm/barn', number: 2, slot: 9, handler: 1 });
    const named = { kind: 'handler', slot: 9, handler: 1 };
    expect(readVerdict('ended by SIGABRT', [...words, line])).toMatchObject(named);
    const memory = (zone: number) => JSON.stringify({ reason: 'memory', zone, rss: 2 ** 29, ms: 3 });
    expect(readVerdict('ended by SIGKILL', [...words, line, memory(2)])).toMatchObject(named);
    expect(readVerdict('ended by SIGKILL', [...words, line, memory(1)])).toMatchObject({ zone: 'farm/meadow' });
  });

  it('is nobody’s doing when somebody outside has killed it, or nothing is known', () => {
    const nobody = { kind: 'nobody' };
    expect(readVerdict('ended by SIGKILL', words)).toEqual(nobody);
    expect(readVerdict('closed its pipe; ended by SIGKILL', words)).toEqual(nobody);
    const cut = 'truncated frame: the stream ended inside a frame; ended by SIGKILL';
    expect(readVerdict(cut, words)).toEqual(nobody);
    expect(readVerdict('ended by SIGKILL', [...words, JSON.stringify({ reason: 'orphan', zone: 1 })])).toEqual(nobody);
    for (const line of ['', 'null', '[1]', '"zone"', '{"zone":', '{"alive":300}']) {
      expect(readVerdict('ended by SIGABRT', [line])).toEqual(nobody);
    }
  });
});
