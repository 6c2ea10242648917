/** Light, dark, or as the device has it. */
import { part } from '/farmyard/hud/page.ts';
import { recall, remember } from './kept.ts';

const themes = ['', 'light', 'dark'] as const;
const names = { '': 'as the device', light: 'light', dark: 'dark' };
type Theme = (typeof themes)[number];

function current(): Theme {
  return themes.find((one) => one === recall('theme')) ?? '';
}

export function showTheme(): void {
  const theme = current();
  document.documentElement.dataset.theme = theme;
  part('theme-name').textContent = `Colours: ${names[theme]}`;
}

export function turnTheme(): void {
  remember('theme', themes[(themes.indexOf(current()) + 1) % themes.length] ?? '');
  showTheme();
}
