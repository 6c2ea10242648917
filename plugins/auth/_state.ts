/** What the plugin keeps in memory for a node. */
import type { Host } from 'roost/plugin';
import { createHashes, type Hashes } from './_hashes.ts';
import { createOnline, type Online } from './_online.ts';
import { createRevoked, type Revoked } from './_revoked.ts';
import { createThrottle, type Throttle } from './_throttle.ts';

export type State = {
  readonly hashes: Hashes;
  readonly throttle: Throttle;
  readonly online: Online;
  readonly revoked: Revoked;
  /** Credentials that were presented since it was last written down, and when (Unix seconds). */
  readonly presented: Map<string, number>;
};

/** By the node it belongs to: two nodes of one process have nothing in common. */
const states = new WeakMap<object, State>();

export function stateOf({ node, clock }: Host): State {
  const state = states.get(node) ?? {
    hashes: createHashes(),
    throttle: createThrottle(() => clock.monotonicMs() / 1000),
    online: createOnline(),
    revoked: createRevoked(),
    presented: new Map(),
  };
  states.set(node, state);
  return state;
}
