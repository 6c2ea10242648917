/** What the modes of the text port have in common. */
import type { Json, JsonObject } from '../../contract/content.ts';
import type { Answer } from '../../contract/protocol.ts';
import type { Shell } from '../../shell/shell.ts';

/** As they are typed, in any case. */
export const modeNames = ['HUMAN', 'CLIENT', 'SERVER', 'RPC', 'KV'] as const;
export type ModeName = (typeof modeNames)[number];

/** What a person types by hand: he may think, and correct himself. */
export const typedModes: ReadonlySet<ModeName | undefined> = new Set<ModeName>(['HUMAN', 'KV']);

export function toMode(text: string): ModeName | undefined {
  return modeNames.find((name) => name === text.toUpperCase());
}

/** How one connection speaks at the moment. */
export interface Mode {
  /** It was chosen. */
  start(): void;
  /** Carries out a line and answers it. Lines come one after another. */
  handle(line: string): Promise<void>;
  /** Something came for this session without being asked for. */
  hear(event: string, data: Json): void;
  /** A line could not be read, or too many came. */
  refuse(code: string, message: string): void;
}

/** What a mode has of its connection. */
export type Wire = {
  readonly shell: Shell;
  /** Carries out a call of the session. Never rejects. */
  readonly call: (method: string, params: JsonObject) => Promise<Answer>;
  /** Sends a message, and ends it as the other side ends its own. */
  readonly send: (text: string) => void;
  /** Another mode. False when it was refused, and said so. */
  readonly change: (mode: string, token?: string) => Promise<boolean>;
  readonly close: () => void;
  /** Unix seconds. */
  readonly now: () => number;
};

/** The older answer of one JSON object a line. */
export function toState(state: 'OK' | 'ERROR' | 'EVENT', msg: string, more: JsonObject = {}): string {
  return JSON.stringify({ state, msg, ...more });
}

/** Greets the world so many times. */
export const mostHellos = 64;

/** How often is wanted; undefined for what is no number. */
export function readCount(text: string): number | undefined {
  if (text === '') return 1;
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), mostHellos) : undefined;
}
