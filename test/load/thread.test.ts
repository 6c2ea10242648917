import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/load/random.ts';
import { type TextCounts, Thread } from '../../core/load/thread.ts';

const none: TextCounts = { sent: 0, received: 0, lost: 0, repeated: 0, reordered: 0, changed: 0, cutOff: 0 };

/** What a thread counts when these are sent, and then heard. */
function count(sent: readonly string[], heard: readonly string[], how: 'each' | 'joined' = 'each'): TextCounts {
  const counts = { ...none };
  const thread = new Thread(counts);
  for (const text of sent) thread.sent(text);
  if (how === 'joined') thread.heardJoined(heard.join('|'), '|');
  else for (const text of heard) thread.heard(text);
  thread.close();
  return counts;
}

/** Numbered texts of any letters, as scenarios write them. */
const texts = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 30 }))
  .map(([seed, many]) => Array.from({ length: many }, (_, i) => `${i} ${new Random(seed + i).text(1 + (seed % 40))}.`));

describe('a thread', () => {
  it('finds nothing wrong with texts that arrive as they were sent, one by one or joined in any blocks', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 5 })), (all, sizes) => {
        const counts = { ...none };
        const thread = new Thread(counts);
        for (let at = 0, i = 0; at < all.length; i++) {
          const block = all.slice(at, at + (sizes[i] ?? 3));
          for (const text of block) thread.sent(text);
          thread.heardJoined(block.join('|'), '|');
          at += block.length;
        }
        thread.close();
        expect(counts).toEqual({ ...none, sent: all.length, received: all.length });
      }),
    );
  });

  it('counts what is left out as lost, wherever it stood', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.constantFrom('each', 'joined'), (all, at, how) => {
        const left = all.filter((_, i) => i !== at % all.length);
        fc.pre(left.length > 0);
        expect(count(all, left, how)).toEqual({ ...none, sent: all.length, received: left.length, lost: 1 });
      }),
    );
  });

  it('counts a text that comes again, that comes late, that is another, and that never was', () => {
    const sent = ['0 a|b.', '1 c.', '2 d.', '3 e.'];
    const wrong = (heard: readonly string[]) => {
      const found = count(sent, heard, 'joined');
      expect(count(sent, heard, 'each')).toEqual(found);
      return found;
    };
    expect(wrong(['0 a|b.', '0 a|b.', '1 c.', '2 d.', '3 e.'])).toEqual({ ...none, sent: 4, received: 4, repeated: 1 });
    expect(wrong(['1 c.', '0 a|b.', '2 d.', '3 e.'])).toEqual({ ...none, sent: 4, received: 4, reordered: 1 });
    expect(wrong(['0 a|b.', '1 x.', '2 d.', '3 e.'])).toEqual({ ...none, sent: 4, received: 3, changed: 1, lost: 1 });
    expect(wrong(['0 a|b.', '1 c.', '2 d.', '3 e.', 'x'])).toEqual({ ...none, sent: 4, received: 4, changed: 1 });
    expect(wrong(['0 a|b.', '1 c.'])).toEqual({ ...none, sent: 4, received: 2, lost: 2 });
  });

  it('knows what is under way: cut off is not lost, and a refused text was never sent', () => {
    const counts = { ...none };
    const thread = new Thread(counts);
    thread.sent('0');
    thread.sent('1');
    thread.takeBack();
    expect(thread.waiting).toBe(1);
    thread.cut();
    thread.sent('2');
    thread.heard('2');
    thread.close();
    expect(counts).toEqual({ ...none, sent: 1, cutOff: 1 });
  });
});
