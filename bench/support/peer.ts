/** A peer's server as a process of its own: a file of bench/peers that prints `listening PORT`. */
import { fileURLToPath } from 'node:url';
import type { Context } from '../row.ts';
import { startChild } from './child.ts';

export type PeerServer = { readonly url: string; readonly pid: number; stop(): Promise<void> };

export async function startPeer(context: Context, name: 'colyseus' | 'floor', options: object): Promise<PeerServer> {
  const entry = fileURLToPath(new URL(`../peers/${name}.ts`, import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Of its whole life: what dominates there is told apart by names, not by time.
  const profile = context.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${context.profile}`];
  // What its makers tell people to set in production, and what express and others look at.
  const child = startChild(process.execPath, [...profile, entry, JSON.stringify(options)], {
    env: { ...env, NODE_ENV: 'production' },
  });
  context.after(() => child.stop());
  const line = await child.line((text) => text.startsWith('listening '));
  return { url: `http://127.0.0.1:${line.slice('listening '.length)}`, pid: child.pid, stop: () => child.stop() };
}
