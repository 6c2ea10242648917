/** What there is to call, for whoever describes it: made by methods, shown by the gateway at /docs/api. */
import type { JsonObject } from './content.ts';
import type { Allow, Rate } from './plugin.ts';

/** One method, as its author declared it. */
export type MethodCard = {
  readonly name: string;
  /** First sentence of the comment above it; empty without one. */
  readonly doc: string;
  /** The rest of that comment; empty without one. */
  readonly more: string;
  /** What it answers, as its comment says behind `@returns`; empty where it says nothing. */
  readonly answer: string;
  /** The plugin that it belongs to. */
  readonly plugin: string;
  readonly allow: Allow;
  readonly rate: Rate;
  readonly deadlineMs: number;
  /** JSON Schema (2020-12) of the params as callers write them, made from the schema that checks them; null: everything passes. */
  readonly params: JsonObject | null;
  /** Codes that its source names, sorted; `zone.*` for whatever a part of the node refuses with. */
  readonly codes: readonly string[];
};

export type PluginCard = { readonly name: string; readonly version: string; readonly build: string };

/** All of them at one moment; the same object until something changes. */
export type Reference = {
  /** In the order of their names. */
  readonly methods: readonly MethodCard[];
  /** Those that have methods, by name. */
  readonly plugins: readonly PluginCard[];
};
