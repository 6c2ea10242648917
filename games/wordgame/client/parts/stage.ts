/** What of the page is shown: the title, the waiting room or the table, and a line over everything. */
import { part } from '/farmyard/hud/page.ts';

export type Stage = 'title' | 'waiting' | 'table';

const stages = ['title', 'waiting', 'table'] as const;

export function showStage(stage: Stage, isWatching: boolean): void {
  if (stage === 'table' && document.body.dataset.stage !== 'table') part('twine').focus({ preventScroll: true });
  document.body.dataset.stage = stage;
  for (const one of stages) part(one).hidden = one !== stage;
  part('leave').hidden = stage !== 'table';
  part('watch-link').hidden = stage !== 'table' || isWatching;
  // Watching has one way only.
  part<HTMLButtonElement>('wire').disabled = isWatching;
}

export function stageNow(): Stage {
  return stages.find((one) => one === document.body.dataset.stage) ?? 'title';
}

/** A line over everything, with a button when something is to be done; an empty one takes it away. */
export function showState(text: string, label = '', act: () => void = () => {}): void {
  part('state').hidden = text === '';
  part('state-text').textContent = text;
  part('state-act').hidden = label === '';
  part('state-act').textContent = label;
  part('state-act').onclick = act;
}
