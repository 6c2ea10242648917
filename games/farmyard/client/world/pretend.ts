import type { MirrorObject } from 'roost/client';

/** A thing as the page knows one from the server, of which the server knows nothing: for pictures. */
export function pretend(id: string, kind: string, x = 0, y = 0, angle = 0): MirrorObject {
  const place = { x, y, angle };
  const looks = { name: '', look: null, body: null, holder: null, owner: null, words: [], state: {} };
  const drawn = { ...place };
  return {
    ...{ id, slot: 0, kind, ...looks, fx: 0, fy: 0, fa: 0, scale: 1, speed: 0, physical: true },
    ...place,
    drawn,
    track: { drawn } as MirrorObject['track'],
  };
}
