/** Every door over HTTP as an OpenAPI 3.1 document: each method at its own address, and the plain routes. */
import type { Json, JsonObject } from '../../contract/content.ts';
import { errorTable } from '../../contract/errors.ts';
import type { MethodCard, Reference } from '../../contract/reference.ts';
import { toAnswerSchema } from './answer.ts';
import { codesByStatus, codesOf, isFamily } from './codes.ts';
import { plainRoutes, plainTags, sharedSchemas } from './routes.ts';
import { exampleOf, rebase } from './schema.ts';

export type ApiInfo = {
  /** Version of Roost. */
  readonly version: string;
  /** Longest body of a request. */
  readonly messageBytes: number;
};

const about = [
  'Every method of this node, as `POST /rpc/<method>`: the body is its params by name, the answer its result as it is.',
  'The same methods are called by JSON-RPC at `POST /rpc`, and by name over socket.io. The params are checked by the very',
  'schemas that are shown here; keys that are not named are refused. A refusal is `{ error: { code, message, details? } }`:',
  'switch on the code, the status only says what kind of thing it is.',
].join(' ');

/** Made from what the plugins declare at this moment; a page of its own, it names no address. */
export function toOpenApi(reference: Reference, info: ApiInfo): JsonObject {
  const { methods, plugins } = reference;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Roost',
      version: info.version,
      summary: 'The methods and routes of a Roost node over HTTP',
      description: about,
    },
    servers: [{ url: '/' }],
    tags: [
      ...plugins.map(({ name, version, build }) => ({
        name,
        description: `Plugin ${name}, version ${version}, build ${build}`,
      })),
      ...plainTags,
    ],
    paths: {
      ...Object.fromEntries(methods.map((card) => [`/rpc/${card.name}`, { post: toOperation(card, info) }])),
      ...plainRoutes(info.messageBytes),
    },
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The `token` of `auth.login` or `auth.register`, or a guest’s `resume` of `zone.enter`.',
        },
      },
      schemas: {
        ...sharedSchemas,
        ...Object.fromEntries(methods.map((card) => [`${card.name}.params`, toParams(card)])),
      },
      responses: Object.fromEntries([...commonResponses].map(([status, codes]) => [`r${status}`, toResponse(codes)])),
    },
  };
}

function toParams({ name, params }: MethodCard): JsonObject {
  if (params === null) return { type: 'object', description: 'Anything: this method names no params.' };
  return rebase(params, `#/components/schemas/${name}.params`);
}

function toOperation(card: MethodCard, { messageBytes }: ApiInfo): JsonObject {
  const { name, doc, more, answer, plugin, allow, rate, deadlineMs } = card;
  return {
    operationId: name,
    tags: [plugin],
    summary: doc,
    description: [
      ...(more === '' ? [] : [more]),
      whoMay(allow),
      `${rate.perSecond} calls a second of one caller, ${rate.burst} at once; an answer within ${deadlineMs / 1_000} s.`,
      `The body has at most ${messageBytes} bytes.`,
    ].join(' '),
    ...(allow === 'server' ? { 'x-internal': true } : {}),
    'x-roost': { allow, rate: { ...rate }, deadlineMs, codes: codesOf(card) },
    security: allow === 'anyone' ? [{}, { bearer: [] }] : [{ bearer: [] }],
    requestBody: {
      required: isRequired(card),
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}.params` } } },
    },
    responses: {
      200: {
        description: answer === '' ? 'What the method answers' : answer,
        content: { 'application/json': { schema: toAnswerSchema(answer) } },
      },
      ...toResponses(card),
      default: { description: otherwise(card), content: refusalContent },
    },
  };
}

/** An empty body stands for no params. */
function isRequired({ params }: MethodCard): boolean {
  return Object.keys(exampleOf(params) ?? {}).length > 0;
}

/** Who may call a method, in words. */
export function whoMay(allow: string): string {
  switch (allow) {
    case 'anyone':
      return 'Anyone may call it.';
    case 'player':
      return 'Whoever controls a character may call it: enter a zone first.';
    case 'account':
      return 'Whoever is logged in may call it.';
    case 'bot':
      return 'A bot may call it.';
    case 'server':
      return 'Only other plugins and the node itself call it: everybody else is refused.';
    case 'operator':
      return 'Who runs the node may call it.';
    default:
      return `Whoever has the privilege ${allow} may call it.`;
  }
}

function otherwise(card: MethodCard): string {
  const named = codesOf(card)
    .filter(isFamily)
    .map((family) => `\`${family}\``);
  return named.length === 0 ? 'Any other refusal' : `Any other refusal, of ${named.join(', ')} among them`;
}

const refusalContent: JsonObject = { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } };

/** What every method may answer: written once. */
const commonResponses = codesByStatus({
  ...{
    name: '',
    doc: '',
    more: '',
    answer: '',
    plugin: '',
    allow: 'anyone',
    rate: { perSecond: 1, burst: 1 },
    deadlineMs: 1,
  },
  ...{ params: null, codes: [] },
});

function toResponses(card: MethodCard): JsonObject {
  const entries = [...codesByStatus(card)].map(([status, codes]): [string, Json] => {
    const isCommon = commonResponses.get(status)?.length === codes.length;
    return [String(status), isCommon ? { $ref: `#/components/responses/r${status}` } : toResponse(codes)];
  });
  return Object.fromEntries(entries);
}

function toResponse(codes: readonly string[]): JsonObject {
  return { description: codes.map(explain).join('\n\n'), content: refusalContent };
}

const meanings: ReadonlyMap<string, string> = new Map(Object.entries(errorTable));

/** `code`: what it means, where the table knows it. */
function explain(code: string): string {
  const meaning = meanings.get(code);
  return meaning === undefined ? `\`${code}\`` : `\`${code}\`: ${meaning}`;
}
