/** What a new isolate is loaded with: the truth outside, and the programs that are to run on it. */
import type { Program } from '../contract/content.ts';
import type { LoadIn } from '../contract/driver.ts';
import { toLoaded } from './news.ts';
import type { Parts } from './parts.ts';

export function toLoadIn(parts: Parts, programs: readonly Program[], reason: LoadIn['reason']): LoadIn {
  const { load, space, saver, objects, timers, ids, passage } = parts;
  const { content } = space;
  return {
    ...content.spec,
    zone: load.zone,
    character: content.character,
    settings: content.settings,
    solids: content.solids,
    areas: content.areas,
    programs,
    seed: load.seed,
    reason,
    state: saver.state,
    keep: saver.keep,
    objects: objects.all().map(toLoaded),
    timers: timers.all(),
    ids: ids.left(),
    connected: [...passage.connected],
    keepFormer: parts.programs.proving(),
  };
}
