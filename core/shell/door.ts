/**
 * What a shell needs of the world: where its calls go, and who sits in front of it. core/gateway/text.ts implements them over
 * TCP, core/cli/play.ts over socket.io, `roost admin` over the control socket.
 */
import type { Json, JsonObject, ZoneMap } from '../contract/content.ts';
import type { Answer } from '../contract/protocol.ts';

/** Where calls go. What comes back without being asked for is given to `Shell.hear`. */
export interface ShellDoor {
  /** Carries out a call. Never rejects: every outcome is an answer. */
  call(method: string, params: JsonObject): Promise<Answer>;
  /** What everybody may know of a zone's map; without it, or undefined, `map` shows no walls. */
  plan?(zone: string): Promise<Plan | undefined>;
}

/** What the map of a zone shows, in metres. */
export type Plan = Pick<ZoneMap, 'width' | 'height' | 'solids' | 'areas'>;

/** Who sits in front of a shell. */
export interface Terminal {
  /**
   * Asks for a line; a secret one is not shown while it is typed where that can be had, and never kept. Null when whoever sits
   * there gives up, or nobody can be asked.
   */
  ask(question: string, secret: boolean): Promise<string | null>;
  /** Shows lines at once, in the midst of a command that takes its time. */
  show(lines: readonly string[]): void;
  /** Whether whoever sits there has pressed Control-C since the command at work began: one that takes its time stops. */
  interrupted?(): boolean;
  /** Characters across and down. */
  size(): { readonly columns: number; readonly rows: number };
  /** Sets it, where it does not find out by itself. */
  resize?(size: { readonly columns: number; readonly rows: number }): void;
}

/** What came of a line that was typed. */
export type Done = {
  readonly ok: boolean;
  /** For people: without ends of lines, and nothing in them that a terminal would obey. */
  readonly lines: readonly string[];
  /** Of the answer, when a call was refused; `shell.unknown` for a word that is nothing here, `shell.wrong` for a wrong use of one. */
  readonly code?: string;
  /** What the last call of the command answered, for programs. */
  readonly result?: Json;
  /** Whoever sits there wants to go. */
  readonly quit?: true;
};
