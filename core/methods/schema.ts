/** The schema that checks params → JSON Schema, for `host.info` and /docs/api. */
import type { JsonObject } from '../contract/content.ts';
import { z } from '../contract/plugin.ts';

/** Characters of one schema as JSON: it is sent with all the others. */
const mostLength = 65_536;

/** As callers have to write it; keys that no schema names are refused. What cannot be shown says so. */
export function toJsonSchema(schema: z.ZodType): JsonObject {
  const text = write(schema);
  if (text === undefined) return { description: 'This schema cannot be shown as JSON Schema.' };
  if (text.length > mostLength) return { description: 'This schema is too long to be shown.' };
  return JSON.parse(text) as JsonObject;
}

/** Undefined when a plugin's schema breaks on being looked at: it is not the fault of who asks for the list. */
function write(schema: z.ZodType): string | undefined {
  try {
    const json = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        const { def } = zodSchema._zod;
        if (def.type === 'object' && !def.catchall) jsonSchema.additionalProperties = false;
        // `maxItems` says the same, and not every tool reads a schema that is no object.
        if (def.type === 'tuple' && jsonSchema.items === false && 'maxItems' in jsonSchema) delete jsonSchema.items;
      },
    });
    // Plain data without functions: what JSON makes of it is what is sent.
    return JSON.stringify(json);
  } catch {
    return undefined;
  }
}
