import { make } from '../hud/page.ts';
import type { Chip } from './chips.ts';

/** The elements of the drawer. */
export type Parts = {
  /** Opens and closes it; stands among the page's own buttons. */
  readonly tab: HTMLButtonElement;
  readonly drawer: HTMLElement;
  readonly file: HTMLSelectElement;
  readonly unsaved: HTMLElement;
  readonly save: HTMLButtonElement;
  readonly close: HTMLButtonElement;
  readonly original: HTMLButtonElement;
  readonly code: HTMLElement;
  readonly status: HTMLElement;
  readonly said: HTMLElement;
  /** What can be done about what the status says. */
  readonly remedy: HTMLButtonElement;
  readonly chips: readonly {
    readonly chip: Chip;
    readonly button: HTMLButtonElement;
    readonly way?: HTMLSelectElement;
  }[];
};

export function makeParts(chips: readonly Chip[]): Parts {
  const tab = button('round drawer-tab', '');
  tab.append(icon('M9 8l-5 4 5 4M15 8l5 4-5 4'), make('span', 'hint', 'Edit the scripts'));
  tab.title = 'Edit the scripts';
  tab.setAttribute('aria-expanded', 'false');
  const drawer = make('aside', 'drawer');
  drawer.hidden = true;
  drawer.setAttribute('aria-label', 'Scripts');
  const file = select('drawer-file', 'Script');
  const unsaved = make('span', 'drawer-unsaved', 'not saved');
  unsaved.hidden = true;
  const save = button('drawer-save', 'Save');
  save.title = 'Save (Ctrl S)';
  const close = button('drawer-close', '');
  close.title = 'Close (Escape)';
  close.append(icon('M6 6l12 12M18 6L6 18'), make('span', 'hint', 'Close'));
  const head = make('header', 'drawer-head');
  head.append(file, unsaved, save, close);
  const original = button('drawer-original', 'back to the original');
  const chipParts = chips.map(makeChip);
  const row = make('div', 'drawer-chips');
  row.setAttribute('role', 'group');
  row.setAttribute('aria-label', 'Try it');
  row.append(...chipParts.map(({ box }) => box), original);
  const code = make('div', 'drawer-code');
  const status = make('footer', 'drawer-status');
  const said = make('p', 'drawer-said');
  said.setAttribute('role', 'status');
  const remedy = button('drawer-remedy', '');
  remedy.hidden = true;
  status.append(said, remedy);
  drawer.append(head, row, code, status);
  return { tab, drawer, file, unsaved, save, close, original, code, status, said, remedy, chips: chipParts };
}

function makeChip(chip: Chip) {
  const box = make('span', 'chip');
  const press = button('', chip.label);
  press.dataset.chip = chip.name;
  press.setAttribute('aria-pressed', 'false');
  box.append(press);
  if (chip.ways === undefined) return { chip, button: press, box };
  const way = select('', `How to ${chip.label}`);
  way.append(...chip.ways.map(({ name, label }) => new Option(label, name)));
  box.append(way);
  return { chip, button: press, way, box };
}

function button(name: string, text: string): HTMLButtonElement {
  const made = make('button', name, text) as HTMLButtonElement;
  made.type = 'button';
  return made;
}

function select(name: string, label: string): HTMLSelectElement {
  const made = make('select', name) as HTMLSelectElement;
  made.setAttribute('aria-label', label);
  return made;
}

function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
