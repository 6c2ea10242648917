/** What `host.info` and `host.plugins` tell. */
import type { Json, JsonObject } from '../contract/content.ts';
import type { PluginInfo } from '../contract/plugin.ts';
import type { Clock, Zones } from '../contract/ports.ts';
import { protocolVersion } from '../contract/protocol.ts';
import type { MethodCard, Reference } from '../contract/reference.ts';
import type { Slot } from './slot.ts';

export type InfoParts = {
  readonly version: string;
  readonly dev: boolean;
  readonly game: string;
  readonly reference: () => Reference;
  readonly zones: Zones;
  readonly clock: Clock;
};

/** Games may change on disk without a word to plugins: the answer is made anew this often. */
const freshMs = 2_000;

/** One answer for everybody, made again when a method changes. */
export function createInfo(parts: InfoParts): () => Json {
  let made: { readonly info: Json; readonly reference: Reference; readonly at: number } | null = null;
  return () => {
    const reference = parts.reference();
    const at = parts.clock.monotonicMs();
    if (made?.reference !== reference || at - made.at > freshMs) {
      made = { info: toInfo(parts, reference), reference, at };
    }
    return made.info;
  };
}

function toInfo({ version, dev, game, zones }: InfoParts, { methods }: Reference): Json {
  return {
    name: 'roost',
    version,
    protocol: protocolVersion,
    dev,
    game,
    games: zones.games().map(({ name, title, start, zones: specs }) => ({
      name,
      title,
      start,
      zones: specs.map((spec) => ({
        zone: `${name}/${spec.name}`,
        tickRate: spec.tickRate,
        capacity: spec.capacity,
        width: spec.width,
        height: spec.height,
        view: spec.view.radius,
        hearing: spec.hearing,
      })),
    })),
    methods: methods.map(toMethodInfo),
  };
}

function toMethodInfo({ name, doc, plugin, allow, rate, params }: MethodCard): JsonObject {
  return { name, doc, plugin, allow, rate, params };
}

export function toPluginInfo(slot: Slot): PluginInfo {
  const { name, current, builds, former, fault, disabled } = slot;
  return {
    plugin: name,
    version: current?.build.manifest.version ?? '',
    build: current?.build.source.build ?? '',
    builds,
    former: former.length,
    state: disabled ? 'disabled' : current ? 'running' : 'failed',
    methods: current?.build.methods.map((method) => method.name) ?? [],
    calls: current?.tally.calls ?? 0,
    failures: current?.tally.failures ?? 0,
    ...(fault ? { fault: `${fault.file}:${fault.line}:${fault.column}: ${fault.message}` } : {}),
  };
}
