/** Tiles that are dragged: onto the word that is being made, or to another place on the rack. */
type Done = {
  /** A tile was let go over the word, before its tile number `at`. */
  readonly lay: (id: number, at: number) => void;
  /** A tile was let go over the rack, where another one lies. */
  readonly move: (id: number, to: number | undefined) => void;
};

/** Pixels after which a press is no tap any more. */
const tapMost = 8;

export class Dragging {
  readonly #rack: HTMLElement;
  readonly #laid: HTMLElement;
  readonly #done: Done;

  constructor(rack: HTMLElement, laid: HTMLElement, done: Done) {
    this.#rack = rack;
    this.#laid = laid;
    this.#done = done;
    for (const box of [rack, laid]) box.addEventListener('pointerdown', (event) => this.#press(event));
  }

  #press(from: PointerEvent): void {
    const tile = (from.target as HTMLElement).closest<HTMLElement>('.tile');
    if (tile === null || from.button !== 0) return;
    let dragged = false;
    const ended = new AbortController();
    const move = ({ clientX, clientY, pointerId }: PointerEvent) => {
      if (pointerId !== from.pointerId) return;
      const [x, y] = [clientX - from.clientX, clientY - from.clientY];
      if (!dragged && Math.hypot(x, y) < tapMost) return;
      dragged = true;
      tile.classList.add('dragged');
      tile.style.transform = `translate(${x}px, ${y}px) scale(1.08)`;
    };
    const end = (event: PointerEvent) => {
      if (event.pointerId !== from.pointerId) return;
      ended.abort();
      tile.classList.remove('dragged');
      tile.style.transform = '';
      if (!dragged) return;
      // The press that ended a drag is no tap.
      const ignore = (click: Event) => click.stopPropagation();
      addEventListener('click', ignore, { capture: true });
      setTimeout(() => removeEventListener('click', ignore, { capture: true }));
      if (event.type === 'pointerup') this.#drop(tile, event.clientX, event.clientY);
    };
    const { signal } = ended;
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', end, { signal });
    addEventListener('pointercancel', end, { signal });
  }

  #drop(tile: HTMLElement, x: number, y: number): void {
    const id = Number(tile.dataset.id);
    const over = this.#laid.parentElement?.getBoundingClientRect();
    if (over !== undefined && y >= over.top - 20 && y <= over.bottom + 10) {
      const others = this.#tilesIn(this.#laid).filter((other) => other !== tile);
      this.#done.lay(id, others.filter((other) => middleOf(other) < x).length);
      return;
    }
    const others = this.#tilesIn(this.#rack).filter((other) => other !== tile);
    const next = others.find((other) => middleOf(other) > x);
    this.#done.move(id, next === undefined ? undefined : Number(next.dataset.id));
  }

  #tilesIn(box: HTMLElement): HTMLElement[] {
    return [...box.querySelectorAll<HTMLElement>('.tile')];
  }
}

function middleOf(element: HTMLElement): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}
