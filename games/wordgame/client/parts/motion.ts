/** Movements of the page; none where the person asks for rest. */
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
