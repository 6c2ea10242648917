/** The post of `trial`, made to do something each tick, and what there is to do that is bad. */
import type { WatchMessage } from '../../core/contract/protocol.ts';
import type { TestClient } from './client.ts';
import { trialFiles } from './trial.ts';

export const postFile = 'games/trial/scripts/post.ts';

/** Once somebody has called `gild`. */
const gilded = 'self.state.gold > 0';

export const hang = 'for (;;);';
/** Passes every limit of the engine: only the watchdog ends it, and its worker. */
export const swell = 'const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(1));';
export const fail = 'throw new Error("on purpose");';

/** The post with a tick. @returns Its text, and the line of the tick. */
export function ticking(body: string): { readonly text: string; readonly line: number } {
  const text = (trialFiles[postFile] as string).replace(
    '  timers: {',
    `  on: {\n    tick(self) { ${body} },\n  },\n  timers: {`,
  );
  return { text, line: text.split('\n').findIndex((line) => line.includes('tick(self)')) + 1 };
}

/** The same, but it does nothing until it is gilded. */
export function trap(body: string, more = ''): { readonly text: string; readonly line: number } {
  return ticking(`${more} if (${gilded}) { ${body} }`);
}

/** The next message of `host.watch` of this sort about the post. */
export function watched(
  client: TestClient,
  what: WatchMessage['what'],
  fits: (message: WatchMessage) => boolean = () => true,
): Promise<WatchMessage> {
  return client.next<WatchMessage>('watch', (message) => message.what === what && fits(message));
}
