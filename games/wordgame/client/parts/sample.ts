/** A thread of three words that shows the rule: what two words have in common stands below each other. */
import { make } from '/farmyard/hud/page.ts';
import { knotOf, scoreOf } from '../rules.ts';

const words = ['garden', 'nest', 'stone'] as const;

/** @param points  Whether it says what they count. */
export function makeSample(points: boolean): HTMLElement {
  const box = make('div', 'sample-box');
  const sample = make('div', 'sample');
  // It is said in words beside it.
  sample.setAttribute('aria-hidden', 'true');
  let from = 0;
  words.forEach((word, nth) => {
    const knot = knotOf(words[nth - 1] ?? '', word);
    const next = knotOf(word, words[nth + 1] ?? '');
    from += (words[nth - 1]?.length ?? 0) - knot;
    const row = make('p');
    row.style.setProperty('--from', String(from));
    row.style.setProperty('--nth', String(nth));
    const letters = [...word.toUpperCase()];
    row.append(...letters.map((letter, i) => make('i', i < knot || i >= word.length - next ? 'tied' : '', letter)));
    if (points && knot > 0) row.append(make('b', '', `×${knot} = ${scoreOf(word, knot)}`));
    sample.append(row);
  });
  box.append(sample);
  return box;
}
