/** Movements of the page; none where the person asks for rest. */
import { make } from '/farmyard/hud/page.ts';

const rest = matchMedia('(prefers-reduced-motion: reduce)');

/** Changes the page, and lets what is somewhere else by that glide there. */
export function glide(elements: readonly HTMLElement[], change: () => void): void {
  const before = new Map(elements.map((element) => [element, element.getBoundingClientRect()]));
  change();
  if (rest.matches) return;
  for (const [element, from] of before) {
    const to = element.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (from.width === 0 || to.width === 0 || Math.hypot(x, y) < 1) continue;
    element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], {
      duration: 180,
      easing: 'cubic-bezier(.2,.8,.3,1.1)',
    });
  }
}

/** A shake of the head. */
export function shake(element: HTMLElement): void {
  if (rest.matches) return;
  const steps = [0, -9, 8, -6, 4, 0].map((x) => ({ transform: `translateX(${x}px)` }));
  element.animate(steps, { duration: 380, easing: 'ease-out' });
}

const snippets = 40;

/** A shower of coloured snippets over the page, for who has won. */
export function cheer(): void {
  if (rest.matches) return;
  for (let i = 0; i < snippets; i++) {
    const snippet = make('i', `snippet ${['', 'me', 'they'][i % 3]}`);
    snippet.setAttribute('aria-hidden', 'true');
    snippet.style.left = `${Math.random() * 100}%`;
    document.body.append(snippet);
    const [aside, turns] = [Math.random() * 160 - 80, Math.random() * 900 - 450];
    const fall = snippet.animate(
      [{ transform: 'none' }, { transform: `translate(${aside}px, 105vh) rotate(${turns}deg)` }],
      { duration: 1_500 + Math.random() * 1_600, delay: Math.random() * 500, easing: 'cubic-bezier(.3,.1,.7,.9)' },
    );
    fall.onfinish = () => snippet.remove();
  }
}

/** Comes into being. */
export function pop(element: HTMLElement): void {
  if (rest.matches) return;
  element.animate(
    [
      { transform: 'scale(.6) translateY(10px)', opacity: 0 },
      { transform: 'none', opacity: 1 },
    ],
    { duration: 260, easing: 'cubic-bezier(.2,.9,.3,1.3)' },
  );
}
