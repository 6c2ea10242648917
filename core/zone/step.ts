/** One tick as it comes from outside, and what came of it. */
import type { Throttle } from '../contract/driver.ts';
import type { IdBlock, InboxItem, ScriptReport } from '../contract/link.ts';
import type { Spent } from './costs.ts';
import type { Stop } from './isolate.ts';

/** What one tick has of the outside: recorded, it replays. */
export type Step = {
  readonly tick: number;
  /** Unix seconds. */
  readonly time: number;
  /** Seconds. */
  readonly dt: number;
  readonly items: readonly InboxItem[];
  readonly ids: readonly IdBlock[];
  /** Limits that are new. */
  readonly throttles: readonly Throttle[];
  /** The last programs have proved themselves. */
  readonly settled: boolean;
};

/** What came of a step, for those who judge scripts. */
export type Ticked = {
  /** It was stopped: nothing of it happened. */
  readonly stop: Stop | null;
  /** As the isolate told them. */
  readonly reports: readonly ScriptReport[];
  /** Null when no script ran. */
  readonly spent: Spent | null;
};
