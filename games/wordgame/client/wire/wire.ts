/** The way to the node: a connection that is open, or requests one after another. The page plays by either alike. */
import type { Client } from 'roost/client';
import type { Open } from '../../scripts/twine/match.ts';

export type { Open };
export type Params = NonNullable<Parameters<Client['call']>[1]>;
export type WireKind = 'live' | 'polled';

/** The board of a table, as everybody sees it. */
export type Board = { readonly id: string; readonly state: Open };

/** How it stands with a match that was asked for: docs/matches.md. */
export type Status = {
  readonly ticket: string;
  readonly state: 'gathering' | 'waiting' | 'found' | 'started' | 'cancelled' | 'over';
  readonly why: string | null;
  readonly waited: number;
  readonly party: { readonly code: string; readonly names: readonly string[] } | null;
  readonly match: { readonly zone: string | null; readonly seat: number } | null;
};

export type Entered = { readonly zone: string; readonly name: string; readonly resume: string | null };

/** What comes by itself. */
export type Heard = {
  /** The node answers; who was at a table has to come in again. */
  readonly up: () => void;
  /** The node does not answer. `final`: it lets nobody in until somebody asks again; the code says why. */
  readonly down: (code: string, final: boolean) => void;
  /** The table is there again, with everybody at it. */
  readonly back: () => void;
  /** The character is in no zone any more. */
  readonly out: () => void;
  readonly board: (board: Board) => void;
  readonly status: (status: Status) => void;
};

export interface Wire {
  readonly kind: WireKind;
  /** Calls a method. @throws CallError with the code of the answer */
  call(method: string, params?: Params): Promise<unknown>;
  /** Plays that character of the account from now on. @throws CallError */
  choose(character: string): Promise<unknown>;
  /** Takes the seat of a match, also again. @throws CallError */
  enter(ticket: string, name: string): Promise<Entered>;
  /** Takes the character out of the game. @throws CallError */
  leave(): Promise<void>;
  /** Is whoever the cookie says now. */
  renew(): Promise<void>;
  close(): void;
}
