import { defineMethod, type JsonObject, z } from 'roost/plugin';
import { audited } from './_audit.ts';

/**
 * Runs a method of a zone's script, or of an object in it, and answers its result; the zone is started when it sleeps.
 * @returns `{ tick, result }`
 */
export default defineMethod({
  allow: 'admin',
  deadlineMs: 30_000,
  params: z.object({
    zone: z.string().min(1).max(128),
    object: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    method: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,63}$/, 'wanted the name of a method'),
    params: z.record(z.string().max(64), z.json()).default({}),
  }),
  async handle({ caller, params: given, host }) {
    const { zone, object, method, params } = given;
    return audited(
      { caller, host },
      { method: 'admin.run', target: zone, params: { object: object ?? null, method, params } as JsonObject },
      async () => {
        const place = await host.zones.open(zone);
        return place.run(object ?? null, method, params as JsonObject);
      },
    );
  },
});
