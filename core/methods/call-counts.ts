/** Calls by method and code since the start. Strangers choose neither: a name nobody has registered is `unknown`. */
import { Buckets } from '../contract/buckets.ts';
import type { Answer } from '../contract/protocol.ts';
import { type CallFigures, callBounds } from '../report/figures.ts';

export interface CallCounts {
  /** @param method  A method that there is; undefined for what is none. */
  add(method: string | undefined, answer: Answer, tookMs: number): void;
  read(): readonly CallFigures[];
}

/** Codes of one method that are told apart: scripts and plugins make up their own. */
const codesMost = 40;

type Count = { calls: number };

export function createCallCounts(): CallCounts {
  const methods = new Map<string, { readonly codes: Map<string, Count>; readonly took: Buckets }>();

  return {
    add(method = 'unknown', answer, tookMs) {
      let known = methods.get(method);
      if (!known) {
        known = { codes: new Map(), took: new Buckets(callBounds) };
        methods.set(method, known);
      }
      countOf(known.codes, answer.ok ? 'ok' : answer.error.code).calls++;
      known.took.add(tookMs / 1_000);
    },
    read: () =>
      [...methods].map(([method, { codes, took }]) => ({
        method,
        codes: [...codes].map(([code, { calls }]) => [code, calls] as const),
        took,
      })),
  };
}

function countOf(codes: Map<string, Count>, code: string): Count {
  const known = codes.get(code) ?? (codes.size < codesMost ? undefined : codes.get('other'));
  if (known) return known;
  const made = { calls: 0 };
  codes.set(codes.size < codesMost ? code : 'other', made);
  return made;
}
