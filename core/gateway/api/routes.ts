/** The routes that are no methods, as OpenAPI says them, and the shapes that all answers share. */
import type { Json, JsonObject } from '../../contract/content.ts';

/** Named so that no plugin can have the same name. */
const tags = { rpc: 'JSON-RPC', node: 'Health and figures', turn: 'Turn relay, older format', files: 'Pages and maps' };

export const plainTags: readonly JsonObject[] = [
  { name: tags.rpc, description: 'All methods at one address' },
  { name: tags.node, description: 'For whoever watches over the node' },
  { name: tags.turn, description: 'Plain text, for clients of the older turn server' },
  { name: tags.files, description: 'What browsers load' },
];

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } });
/** What the older turn server called its text, too. */
const page: JsonObject = { 'text/html': { schema: { type: 'string' } } };
const plain: JsonObject = { 'text/plain': { schema: { type: 'string' } } };
const answer = (description: string, content?: JsonObject): JsonObject => ({
  description,
  ...(content && { content }),
});

const id: JsonObject = { type: ['string', 'number', 'null'] };
const version: JsonObject = { const: '2.0' };

/** Shapes by name; no method has such a name, they have dots or begin with a small letter. */
export const sharedSchemas: JsonObject = {
  Refusal: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string', description: 'Stable: switch on it', examples: ['call.bad-params'] },
          message: { type: 'string', description: 'For people' },
          details: { description: 'What goes with some codes: of call.bad-params a list of { key, problem }' },
        },
      },
    },
  },
  RpcRequest: {
    type: 'object',
    required: ['jsonrpc', 'method'],
    properties: {
      jsonrpc: version,
      id: { ...id, description: 'Without one nothing is answered' },
      method: { type: 'string', maxLength: 200, description: 'Any method that has an address below /rpc' },
      params: { type: 'object', description: 'As the body at the address of the method' },
    },
  },
  RpcResponse: {
    oneOf: [
      { type: 'object', required: ['jsonrpc', 'id', 'result'], properties: { jsonrpc: version, id, result: {} } },
      ref('RpcError'),
    ],
  },
  RpcError: {
    type: 'object',
    required: ['jsonrpc', 'id', 'error'],
    properties: {
      jsonrpc: version,
      id,
      error: {
        type: 'object',
        required: ['code', 'message', 'data'],
        properties: {
          code: { type: 'integer', description: '-32700, -32600, -32601, -32602 as in JSON-RPC, else -32000' },
          message: { type: 'string' },
          data: {
            type: 'object',
            required: ['code', 'details'],
            properties: { code: { type: 'string', description: 'Stable: switch on it' }, details: {} },
          },
        },
      },
    },
  },
};

/** Requests in one batch, as core/gateway/rpc.ts takes them. */
const batch = (items: JsonObject): JsonObject => ({ type: 'array', minItems: 1, maxItems: 50, items });
const either = (one: JsonObject): JsonObject => ({ oneOf: [one, batch(one)] });

/** @param messageBytes  Longest body. */
export function plainRoutes(messageBytes: number): JsonObject {
  return {
    '/rpc': {
      post: {
        operationId: 'rpc',
        tags: [tags.rpc],
        summary: 'Calls any method by JSON-RPC 2.0, or up to 50 in one batch.',
        description: `Well-formed requests answer 200 whatever their outcome. The body has at most ${messageBytes} bytes.`,
        security: [{}, { bearer: [] }],
        requestBody: { required: true, content: json(either(ref('RpcRequest'))) },
        responses: {
          200: answer('Responses to the requests that have an id', json(either(ref('RpcResponse')))),
          204: answer('No request has an id'),
          400: answer('Not JSON, or not a request', json(ref('RpcError'))),
          403: answer('`session.origin`, `session.barred`', json(ref('RpcError'))),
          413: answer('The body is too long', json(ref('RpcError'))),
          415: answer('The content type is not application/json', json(ref('RpcError'))),
        },
      },
    },
    '/healthz': read('health', tags.node, 'Whether the process serves.', {
      200: answer('It does', json(object({ status: { const: 'ok' }, pid: whole, version: text, uptime: seconds }))),
    }),
    '/readyz': read('ready', tags.node, 'Whether it can serve well: workers, database, room.', {
      200: answer('It can', json(readiness('ready'))),
      503: answer('It lacks what is listed', json(readiness('waiting'))),
    }),
    '/metrics': read('metrics', tags.node, 'Figures for Prometheus: on this machine, or with the metrics token.', {
      200: answer('Text exposition format', plain),
      401: answer('It has a token, and this is not it', json(ref('RpcError'))),
      403: answer('It has none, and is for programs on this machine', json(ref('RpcError'))),
    }),
    '/turn': {
      ...read('turn-time', tags.turn, 'Seconds that the last request took.', { 200: answer('A number', page) }),
      post: {
        operationId: 'turn-relay',
        tags: [tags.turn],
        summary: 'One request of the turn relay: symbol,data,key,player key,counter.',
        description: 'The body is text whatever its content type says; docs/turns.md has the symbols and codes.',
        security: [],
        requestBody: { required: true, content: plain },
        responses: {
          200: answer('code/subcode/data', page),
          400: answer('code/subcode/data of an error', page),
          403: answer('Not served here', page),
          503: answer('The plugin did not answer', page),
        },
      },
    },
    '/{game}/map/{zone}.json': {
      parameters: [pathPart('game', 'Name of a game'), pathPart('zone', 'Name of one of its zones')],
      ...read('map', tags.files, 'The map of a zone, in metres.', {
        200: answer('The map', json({ type: 'object' })),
        304: answer('It is as before (If-None-Match)'),
        404: answer('There is no such zone', plain),
      }),
    },
    '/docs/api': read('reference', tags.files, 'This document as a page to read and to try.', {
      200: answer('The page', page),
      401: answer('A page that asks for an operator’s token', page),
    }),
    '/docs/api/openapi.json': read('openapi', tags.files, 'This document.', {
      200: answer('OpenAPI 3.1', json({ type: 'object' })),
      401: answer('It is for an operator: bring a token', json(ref('Refusal'))),
    }),
  };
}

const text: JsonObject = { type: 'string' };
const whole: JsonObject = { type: 'integer', minimum: 0 };
const seconds: JsonObject = { type: 'integer', minimum: 0, description: 'Seconds since the start' };

function object(properties: { readonly [key: string]: JsonObject }): JsonObject {
  return { type: 'object', required: Object.keys(properties), properties };
}

/** Of /readyz. */
function readiness(status: string): JsonObject {
  return object({ status: { const: status }, lacks: { type: 'array', items: text } });
}

function read(operationId: string, tag: string, summary: string, responses: { [status: number]: Json }): JsonObject {
  return { get: { operationId, tags: [tag], summary, security: [], responses: responses as JsonObject } };
}

function pathPart(name: string, description: string): JsonObject {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}
