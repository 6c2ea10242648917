/** What `host.info` and `host.plugins` tell. */
import type { Json, JsonObject } from '../contract/content.ts';
import { type PluginInfo, type Rate, z } from '../contract/plugin.ts';
import type { Clock, Zones } from '../contract/ports.ts';
import { protocolVersion } from '../contract/protocol.ts';
import type { Entry, Registry } from './registry.ts';
import type { Slot } from './slot.ts';

export type InfoParts = {
  readonly version: string;
  readonly dev: boolean;
  readonly game: string;
  readonly rate: Rate;
  readonly registry: Registry;
  readonly zones: Zones;
  readonly clock: Clock;
};

/** Games may change on disk without a word to plugins: the answer is made anew this often. */
const freshMs = 2_000;

/** One answer for everybody, made again when a method changes. */
export function createInfo(parts: InfoParts): () => Json {
  let made: { readonly info: Json; readonly revision: number; readonly at: number } | null = null;
  return () => {
    const revision = parts.registry.revision();
    const at = parts.clock.monotonicMs();
    if (!made || made.revision !== revision || at - made.at > freshMs) made = { info: toInfo(parts), revision, at };
    return made.info;
  };
}

function toInfo({ version, dev, game, rate, registry, zones }: InfoParts): Json {
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
    methods: registry.list().map((entry) => toMethodInfo(entry, rate)),
  };
}

function toMethodInfo({ name, doc, method, slot }: Entry, rate: Rate): JsonObject {
  const { perSecond, burst } = method.rate ?? rate;
  return {
    name,
    doc,
    plugin: slot.name,
    allow: method.allow,
    rate: { perSecond, burst },
    params: method.params && toJsonSchema(method.params),
  };
}

/** As callers have to write it; keys that no schema names are refused. */
function toJsonSchema(schema: z.ZodType): JsonObject {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      if (def.type === 'object' && !def.catchall) jsonSchema.additionalProperties = false;
    },
  });
  // Plain data without functions: what JSON makes of it is what is sent.
  return JSON.parse(JSON.stringify(json)) as JsonObject;
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
