/** What the plugin keeps in memory for a node. */
import { perNode } from 'roost/plugin';
import { createHashes, type Hashes } from './_hashes.ts';
import { createOnline, type Online } from './_online.ts';
import { createRevoked, type Revoked } from './_revoked.ts';
import { createThrottle, type Throttle } from './_throttle.ts';
import { createTurns, type Turns } from './_turns.ts';

export type State = {
  readonly hashes: Hashes;
  readonly throttle: Throttle;
  readonly online: Online;
  readonly revoked: Revoked;
  /** Who has forgotten his password and waits for a code. */
  readonly recoveries: Turns;
  /** Credentials that were presented since it was last written down, and when (Unix seconds). */
  readonly presented: Map<string, number>;
};

/** That of the node whose host it is: several may live in one process. */
export const stateOf = perNode<State>(({ clock }) => ({
  hashes: createHashes(),
  throttle: createThrottle(() => clock.monotonicMs() / 1000),
  online: createOnline(),
  revoked: createRevoked(),
  recoveries: createTurns({
    atOnce: 32,
    waitingMost: 256,
    waitMs: 5_000,
    refusal: () => new Error('too many at once'),
  }),
  presented: new Map(),
}));
