import { type Host, HostError, type Json, type JsonObject } from 'roost/plugin';

/** Asks another plugin, as the server; undefined where that plugin is not loaded. */
export async function askIfThere(host: Host, method: string, params: JsonObject): Promise<Json | undefined> {
  try {
    return await host.call(method, params, { as: 'server' });
  } catch (error) {
    if (error instanceof HostError && error.code === 'call.unknown-method') return undefined;
    throw error;
  }
}
