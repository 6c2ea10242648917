/** Where the command line has its calls carried out: by the node that has the data folder, or on the folder itself. */
import type { Config } from '../config.ts';
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Log } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import { askNode } from './control.ts';
import { type Offline, openOffline } from './offline.ts';

export interface Desk {
  /** @throws HostError with the code of the answer, `data.in-use` */
  call(method: string, params: Json): Promise<Json>;
  /** The same, by a node alone. @throws HostError also `data.missing` when none answers */
  callNode(method: string, params: Json): Promise<Json>;
  close(): Promise<void>;
}

/** Plugins that administration from the command line needs. */
const needed = ['auth', 'admin'];

export function createDesk(config: Config, log: Log): Desk {
  let offline: Promise<Offline> | null = null;

  async function ask(method: string, params: Json): Promise<Answer> {
    const answered = offline ? undefined : await askNode(config.data, method, params);
    if (answered) return answered;
    offline ??= openOffline(config, log, needed);
    const { call } = await offline.catch(inWords);
    return call(method, params);
  }

  return {
    call: async (method, params) => resultOf(await ask(method, params)),
    async callNode(method, params) {
      const answer = await askNode(config.data, method, params);
      if (answer) return resultOf(answer);
      throw new HostError('data.missing', `No node answers on the data folder "${config.data}"`);
    },
    async close() {
      await offline?.then(
        ({ close }) => close(),
        () => {},
      );
    },
  };
}

function resultOf(answer: Answer): Json {
  if (answer.ok) return answer.result;
  throw new HostError(answer.error.code, answer.error.message, answer.error.details);
}

function inWords(error: unknown): never {
  if (!(error instanceof HostError) || error.code !== 'data.in-use') throw error;
  const help =
    'it does not answer the command line. Try again when it has started, or log in with admin.login and call admin.grant';
  throw new HostError('data.in-use', `${error.message}, and ${help}`);
}
