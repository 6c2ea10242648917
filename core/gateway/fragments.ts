/** Entries of `ch`, as JSON and as the fields they are made of. */
import type { PublicChange } from '../contract/link.ts';
import type { WireFields } from '../contract/protocol.ts';

/** The entry of an object that moved or changed; undefined when nothing did. */
export function toFragment(
  slot: number,
  dx: number,
  dy: number,
  da: number,
  fields: WireFields | undefined,
): string | undefined {
  if (fields !== undefined) return `[${slot},${dx},${dy},${da},${JSON.stringify(fields)}]`;
  if (da !== 0) return `[${slot},${dx},${dy},${da}]`;
  return dx === 0 && dy === 0 ? undefined : `[${slot},${dx},${dy}]`;
}

/** Two changes of one object in one frame. */
export function joinFields(first: WireFields | undefined, second: WireFields): WireFields {
  if (first?.st === undefined || second.st === undefined) return { ...first, ...second };
  return { ...first, ...second, st: { ...first.st, ...second.st } };
}

/** Changed fields of a frame in the letters of the wire. */
export function toFields(change: PublicChange): WireFields {
  return {
    ...(change.name === undefined ? {} : { n: change.name }),
    ...(change.look === undefined ? {} : { l: change.look }),
    ...(change.body === undefined ? {} : { b: change.body }),
    ...(change.holder === undefined ? {} : { h: change.holder }),
    ...(change.scale === undefined ? {} : { z: change.scale }),
    ...(change.speed === undefined ? {} : { v: change.speed }),
    ...(change.owner === undefined ? {} : { o: change.owner }),
    ...(change.words === undefined ? {} : { w: change.words }),
    ...(change.physical === undefined ? {} : { p: change.physical ? (1 as const) : (0 as const) }),
    ...(change.state === undefined ? {} : { st: change.state }),
  };
}
