/** `/docs/api`: what there is to call, for people and for tools. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../core/contract/content.ts';
import { line, z } from '../../core/contract/plugin.ts';
import type { Account } from '../../core/contract/ports.ts';
import type { MethodCard, Reference } from '../../core/contract/reference.ts';
import { toAnswerSchema } from '../../core/gateway/api/answer.ts';
import { toReferencePage } from '../../core/gateway/api/html.ts';
import { toOpenApi } from '../../core/gateway/api/openapi.ts';
import { toRows } from '../../core/gateway/api/params.ts';
import { exampleOf, rebase } from '../../core/gateway/api/schema.ts';
import { ApiDoor, type ApiDoorOptions, type ApiRequest } from '../../core/gateway/api-door.ts';
import { readComment } from '../../core/methods/doc.ts';
import { toJsonSchema } from '../../core/methods/schema.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly responses: JsonObject;
  readonly 'x-roost': { readonly allow: string; readonly rate: JsonObject; readonly codes: readonly string[] };
};
type OpenApi = JsonObject & {
  readonly paths: { readonly [path: string]: { readonly post?: Operation; readonly get?: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: JsonObject } };
};
type Told = { readonly name: string; readonly doc: string; readonly allow: string; readonly params: JsonObject | null };

const info = { version: '0.0.0', messageBytes: 16_384 };

async function readDocument(node: TestNode, headers: Record<string, string> = {}): Promise<OpenApi> {
  return (await (await fetch(`${node.url}/docs/api/openapi.json`, { headers })).json()) as OpenApi;
}

/** Everything that `$ref` leads to nothing. */
function deadRefs(document: JsonObject): readonly string[] {
  const dead: string[] = [];
  const look = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, one] of Object.entries(value)) {
      if (key === '$ref' && typeof one === 'string' && follow(document, one) === undefined) dead.push(one);
      look(one);
    }
  };
  look(document);
  return dead;
}

function follow(document: Json, ref: string): Json | undefined {
  return ref
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<Json | undefined>((at, key) => (at as JsonObject | undefined)?.[key], document);
}

async function check(document: JsonObject): Promise<void> {
  expect(await new Validator().validate(document as Record<string, unknown>)).toEqual({ valid: true });
  expect(deadRefs(document)).toEqual([]);
}

describe('/docs/api of a node', () => {
  let node: TestNode;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roost-plugins-'));
    node = await startTestNode({ plugins: [folder] });
  });
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('CLI-10 is a right OpenAPI document of every method, with the schemas that check the calls', async () => {
    const document = await readDocument(node);
    await check(document);
    const response = await fetch(`${node.url}/rpc/host.info`, {
      ...{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
    });
    const { methods } = (await response.json()) as { readonly methods: readonly Told[] };
    expect(methods.length).toBeGreaterThan(100);
    for (const { name, doc, allow, params } of methods) {
      const { post } = document.paths[`/rpc/${name}`] ?? {};
      expect(post).toMatchObject({ operationId: name, summary: doc, 'x-roost': { allow } });
      const { $schema: _, ...schema } = params ?? {};
      if (params !== null && !JSON.stringify(schema).includes('$ref'))
        expect(document.components.schemas[`${name}.params`]).toEqual(schema);
    }
    const paths = Object.keys(document.paths).filter((path) => path.startsWith('/rpc/'));
    expect(paths.length).toBe(methods.length);
  });

  it('CLI-10 names the codes that a method’s own source and its helpers throw', async () => {
    const { paths } = await readDocument(node);
    const codesOf = (name: string) => paths[`/rpc/${name}`]?.post?.['x-roost'].codes;
    expect(codesOf('chat.whisper')).toEqual(
      expect.arrayContaining(['call.bad-params', 'call.forbidden', 'chat.muted', 'chat.to-yourself']),
    );
    expect(codesOf('auth.login')).toEqual(expect.arrayContaining(['auth.wrong', 'auth.throttled', 'auth.busy']));
    expect(codesOf('zone.enter')).toEqual(expect.arrayContaining(['zone.*', 'name.*', 'character.none']));
    expect(codesOf('chat.whisper')).not.toContain('friends.blocked');
    const { responses } = paths['/rpc/friends.add']?.post as Operation;
    expect(responses['429']).toMatchObject({ description: expect.stringContaining('friends.too-many') });
  });

  it('CLI-10 tells of the plain routes what they answer', async () => {
    const { paths } = await readDocument(node);
    const plain = Object.entries(paths).filter(([path]) => !path.startsWith('/rpc') && !path.includes('{'));
    expect(plain.map(([path]) => path)).toEqual(expect.arrayContaining(['/healthz', '/readyz', '/metrics', '/turn']));
    for (const [path, { get }] of plain) {
      const { status, headers } = await fetch(`${node.url}${path}`);
      const told = get?.responses[String(status)] as { readonly content?: JsonObject } | undefined;
      expect([path, Object.keys(told?.content ?? {})]).toEqual([path, [headers.get('content-type')?.split(';')[0]]]);
    }
  });

  it('CLI-10 has an example of params that every method takes', async () => {
    const page = await (await fetch(`${node.url}/docs/api`)).text();
    const examples = page.matchAll(/data-method="([\w.-]+)" hidden>[\s\S]*?<textarea[^>]*>([^<]*)</g);
    const wrong: unknown[] = [];
    for (const [, method = '', text = ''] of examples) {
      const body = text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
      // A page is no operator: what could end the node is refused after the params were looked at.
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' };
      const response = await fetch(`${node.url}/rpc/${method}`, { method: 'POST', body, headers });
      const told = (await response.json()) as { readonly error?: { readonly code: string } } | null;
      if (told?.error?.code === 'call.bad-params') wrong.push([method, body, told.error]);
    }
    expect(wrong).toEqual([]);
  });

  it('CLI-10 has a new plugin as soon as it answers, on the page and in the document', async () => {
    const before = await fetch(`${node.url}/docs/api`);
    const text = await before.text();
    expect(text).not.toContain('lamp.light');
    const same = { headers: { 'if-none-match': before.headers.get('etag') ?? '' } };
    expect((await fetch(`${node.url}/docs/api`, same)).status).toBe(304);
    const from = node.logs.length;
    await mkdir(join(folder, 'lamp'));
    await writeFile(
      join(folder, 'lamp/light.ts'),
      `import { defineMethod, HostError, z } from 'roost/plugin';
       type Tree = { readonly lamp: string; readonly more: readonly Tree[] };
       const tree: z.ZodType<Tree> = z.object({ lamp: z.string().max(20), get more() { return z.array(tree).max(3); } });
       /** Lights a lamp. Not this sentence. </script><img src=x onerror="alert(1)">
         @returns \`{ lit }\`, or not */
       export default defineMethod({
         rate: { perSecond: 3, burst: 7 },
         params: z.object({ tree, lumen: z.int().min(1).max(800).default(40), '"><b>key': z.enum(['<i>', '&']).optional() }),
         handle() { throw new HostError('lamp.broken', 'It is broken'); },
       });`,
    );
    await node.logged(({ msg, plugin }) => msg === 'plugin loaded' && plugin === 'lamp', from);
    const page = await (await fetch(`${node.url}/docs/api`, same)).text();
    expect(page).toContain('id="lamp.light"');
    expect(page).toContain('<p class="doc">Lights a lamp.</p>');
    expect(page).toContain('Not this sentence.');
    expect(page).toContain('<code>{ lit }</code>, or not');
    expect(page).toContain('3/s, 7 at once');
    expect(page).toContain('whole number, from 1 to 800');
    expect(page).toContain('<code>40</code>');
    expect(page).toContain('<code>lamp.broken</code>');
    expect(page).toContain('&quot;&gt;&lt;b&gt;key');
    expect(page).not.toMatch(/<b>key|<i>"|<img|<\/script><img/);
    const document = await readDocument(node);
    expect(document.paths['/rpc/lamp.light']?.post?.responses['200']).toMatchObject({
      description: '`{ lit }`, or not',
      content: { 'application/json': { schema: { type: 'object', required: ['lit'] } } },
    });
    expect(document.paths['/rpc/lamp.light']?.post?.['x-roost']).toMatchObject({
      rate: { perSecond: 3, burst: 7 },
      codes: ['call.bad-params', 'lamp.broken'],
    });
    await check(document);
  });

  it('M-9 is for this machine, and for nobody behind a proxy without an operator’s token', async () => {
    const far = { 'x-forwarded-for': '203.0.113.7' };
    const locked = await fetch(`${node.url}/docs/api`, { headers: far });
    expect([locked.status, locked.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await locked.text()).not.toContain('chat.say');
    const closed = await fetch(`${node.url}/docs/api/openapi.json`, { headers: far });
    expect([closed.status, await closed.json()]).toMatchObject([401, { error: { code: 'call.forbidden' } }]);
    const guess = await fetch(`${node.url}/docs/api`, {
      headers: { ...far, authorization: `Bearer ${'x'.repeat(43)}` },
    });
    expect(guess.status).toBe(401);
    for (const headers of [locked.headers, guess.headers]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    }
  });
});

describe('/docs/api of a node that is not in development', () => {
  it('M-9 is for operators with their token, also on its own machine', async () => {
    await using node = await startTestNode({ flags: ['--no-dev'] });
    expect((await fetch(`${node.url}/docs/api`)).status).toBe(401);
    expect((await fetch(`${node.url}/docs/api/openapi.json`)).status).toBe(401);
  });

  it('M-9 is not there when the setting says so, nor are its files', async () => {
    await using node = await startTestNode({ flags: ['--api-docs', 'off'] });
    for (const path of ['', '/', '/openapi.json', '/page.ts', '/page.css'])
      expect((await fetch(`${node.url}/docs/api${path}`)).status).toBe(404);
  });

  it('is for everybody when the setting says so', async () => {
    await using node = await startTestNode({ flags: ['--no-dev', '--api-docs', 'public'] });
    const page = await fetch(`${node.url}/docs/api`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect([page.status, (await page.text()).includes('id="chat.say"')]).toEqual([200, true]);
  });
});

const card: MethodCard = {
  ...{
    name: 'chat.say',
    doc: 'Says.',
    more: '',
    answer: '',
    plugin: 'chat',
    allow: 'anyone',
    rate: { perSecond: 1, burst: 2 },
  },
  ...{ deadlineMs: 10_000, params: null, codes: [] },
};
const referenceOf = (...cards: readonly Partial<MethodCard>[]): Reference => ({
  methods: cards.map((one) => ({ ...card, ...one })),
  plugins: [...new Set(cards.map(({ plugin = 'chat' }) => plugin))].map((name) => ({ name, version: '1', build: 'b' })),
});

describe('who may see it', () => {
  const account = (token: string): Account => ({
    ...{ id: token, name: token, credential: token, until: null },
    privileges: token.split('-').slice(0, 1),
    trusted: !token.endsWith('-page'),
  });
  let asked = 0;
  const openDoor = (options: Partial<ApiDoorOptions> = {}) =>
    new ApiDoor({
      ...{ who: 'operator', info, reference: () => reference, clock: { now: () => 0, monotonicMs: () => 0 } },
      async authenticate({ token }) {
        asked += 1;
        return token === 'nobody' ? null : account(token);
      },
      ...options,
    });
  const reference = referenceOf({});
  const request = (given: Partial<ApiRequest> = {}): ApiRequest => ({
    ...{ what: 'openapi', headers: {}, address: '203.0.113.7', loopback: false },
    ...given,
  });
  const bearer = (token: string) => request({ headers: { authorization: `Bearer ${token}` } });

  it('M-9 is an operator by token, and nobody by cookie', async () => {
    const door = openDoor();
    const status = async (given: ApiRequest) => (await door.answer(given)).status;
    expect(await status(request())).toBe(401);
    expect(await status(request({ headers: { cookie: 'roost=admin-0000000000000000' } }))).toBe(401);
    expect(await status(bearer('nobody'))).toBe(401);
    expect(await status(bearer('player'))).toBe(403);
    expect(await status(bearer('admin-page'))).toBe(403);
    expect(await status(bearer('admin'))).toBe(200);
    expect(await status(bearer('operator'))).toBe(200);
    expect(await status(request({ loopback: true }))).toBe(200);
    expect((await openDoor({ who: 'public' }).answer(request())).status).toBe(200);
  });

  it('M-9 looks up few tokens of one address, and remembers few addresses', async () => {
    const door = openDoor();
    asked = 0;
    const statuses: number[] = [];
    for (let at = 0; at < 30; at++) statuses.push((await door.answer(bearer('nobody'))).status);
    expect(asked).toBe(10);
    expect(statuses.at(-1)).toBe(429);
    for (let at = 0; at < 1_000; at++) await door.answer({ ...bearer('nobody'), address: `2001:db8:${at}::/64` });
    expect((await door.answer(bearer('nobody'))).status).toBe(401);
  });

  it('makes page and document once, however often they are asked for', async () => {
    let made = 0;
    let current = referenceOf({});
    const door = openDoor({
      who: 'public',
      reference: () => {
        made += 1;
        return current;
      },
    });
    const bodies = await Promise.all(Array.from({ length: 20 }, async () => (await door.answer(request())).body));
    expect(made).toBe(20);
    expect(new Set(bodies).size).toBe(1);
    current = referenceOf({ name: 'chat.sing' });
    expect(String((await door.answer(request())).body)).toContain('chat.sing');
  });
});

describe('params in words', () => {
  const rows = (schema: z.ZodType) =>
    toRows(toJsonSchema(schema)).map(({ key, type, required, usual }) =>
      [key, type, required, usual ?? ''].join(' | '),
    );

  it('CLI-10 have their limits, their defaults and what is inside of them', () => {
    const schema = z.object({
      text: line(500),
      count: z.int().min(1).max(10).default(2),
      share: z.number().positive().max(1).optional(),
      kinds: z.array(z.object({ name: z.enum(['hen', 'fox']) })).max(3),
      id: z.string().regex(/^[0-9a-f]{16}$/),
      ticket: z.string().regex(/^[\w-]{22}$/),
      more: z.record(z.string(), z.json()).optional(),
    });
    expect(rows(schema)).toEqual([
      'text | text, 1 to 500 characters | always | ',
      'count | whole number, from 1 to 10 | no | 2',
      'share | number, above 0 to 1 | no | ',
      'kinds | list of object, at most 3 items | always | ',
      'kinds[].name | one of "hen", "fox" | always | ',
      'id | text, 16 digits 0 to 9, a to f | always | ',
      'ticket | text, 22 letters, digits, _ or - | always | ',
      'more | object | no | ',
      'more.* | any JSON | no | ',
    ]);
    expect(toRows(toJsonSchema(schema))[0]?.description).toMatch(/^Cleaned of what is invisible/);
    expect(exampleOf(toJsonSchema(schema))).toEqual({
      text: 'Hello',
      kinds: [],
      id: '0'.repeat(16),
      ticket: 'x'.repeat(22),
    });
  });

  it('CLI-10 may have several forms', () => {
    const one = z.object({ room: z.string().max(9), text: z.string() });
    expect(rows(z.union([one, z.object({ room: z.string().max(9), data: z.looseObject({}) })]))).toEqual([
      'room | text, at most 9 characters | always | ',
      'text | text | sometimes | ',
      'data | object | sometimes | ',
      'data.* | anything | no | ',
    ]);
  });

  it('CLI-10 are schemas that every tool reads: none is a boolean alone', () => {
    const pair = { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 2, maxItems: 2 };
    expect(toJsonSchema(z.object({ pair: z.tuple([z.string(), z.number()]) })).properties).toEqual({ pair });
  });

  it('say so when a schema cannot be shown', () => {
    const broken = z.object({
      get it(): z.ZodType {
        throw new Error('broken');
      },
    });
    const endless = z.enum(Array.from({ length: 10_000 }, (_, at) => `value number ${at}`));
    expect(toJsonSchema(broken)).toEqual({ description: 'This schema cannot be shown as JSON Schema.' });
    expect(toJsonSchema(z.object({ endless }))).toEqual({ description: 'This schema is too long to be shown.' });
  });
});

describe('answers', () => {
  it('CLI-10 have the shape that the comment of the method says', () => {
    const list: JsonObject = {
      type: 'array',
      items: { type: 'object', required: ['id'], properties: { id: {}, name: {} } },
    };
    const whole: JsonObject = { type: 'object', required: ['zone', 'all'], properties: { zone: {}, all: list } };
    expect(toAnswerSchema('`{ zone, all: [{ id, name? }] }`, by name')).toEqual(whole);
    expect(toAnswerSchema('`{ zone, all: [{ id, name? }] }`, or null')).toEqual({ anyOf: [whole, { type: 'null' }] });
    expect(toAnswerSchema("`{ sent: true }` or `{ sent: false, why: 'mute' | null }`; once")).toEqual({
      anyOf: [
        { type: 'object', required: ['sent'], properties: { sent: { const: true } } },
        {
          ...{ type: 'object', required: ['sent', 'why'] },
          properties: { sent: { const: false }, why: { anyOf: [{ const: 'mute' }, { type: 'null' }] } },
        },
      ],
    });
    const none = [
      '',
      'a status',
      'as `zone.enter` does',
      '`{ half',
      '`{ half`',
      '`{ a b }`',
      '`{ a: }`',
      `\`${'['.repeat(99)}\``,
    ];
    for (const words of none) expect(toAnswerSchema(words)).toEqual({});
    expect(toAnswerSchema('`{ __proto__: [] }`')).toEqual({});
  });

  it('CLI-10 of a comment stand apart from its first sentence and from the rest', () => {
    const source = (comment: string) => `${comment}\nexport default defineMethod({`;
    const comment =
      '/**\n * Lights it. And more\n * of it.\n * @throws HostError x.y\n * @returns `{ lit }`,\n * or so\n */';
    expect(readComment(source(comment))).toEqual({
      doc: 'Lights it.',
      more: 'And more of it.',
      answer: '`{ lit }`, or so',
    });
    expect(readComment(source('/** Lights it */'))).toEqual({ doc: 'Lights it', more: '', answer: '' });
    expect(readComment('nothing')).toEqual({ doc: '', more: '', answer: '' });
  });
});

describe('what plugins write', () => {
  const hostile = '</textarea></script><img src=x onerror=alert(1)>\u202e\'"`{{1}}&';

  it('XSS is text on the page, wherever it stands', () => {
    const params: JsonObject = {
      type: 'object',
      required: [hostile],
      description: hostile,
      properties: {
        [hostile]: { type: 'string', default: hostile, description: hostile },
        b: { enum: [hostile] },
        c: { type: 'string', pattern: hostile, format: hostile },
        d: { const: hostile },
        e: { type: hostile },
      },
    };
    const page = toReferencePage(
      referenceOf({
        name: hostile,
        doc: hostile,
        more: hostile,
        answer: hostile,
        plugin: hostile,
        allow: hostile,
        params,
        codes: [hostile],
      }),
      { version: hostile, messageBytes: 1 },
    );
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page.match(/<textarea/g)).toHaveLength(1);
    expect(page.match(/<\/textarea>/g)).toHaveLength(1);
    expect(page).not.toContain('\u202e');
    // What stands in an attribute stays in its quotes.
    for (const [tag] of page.matchAll(/<[a-z][^>]*>/g)) expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=|'/);
  });

  it('is right in the document, also when it is odd', async () => {
    const loop: JsonObject = {
      type: 'object',
      properties: { more: { $ref: '#/$defs/one' }, self: { $ref: '#' } },
      $defs: { one: { type: 'array', items: { $ref: '#/$defs/one' } } },
    };
    const cards = [
      { name: 'odd.loop', params: loop },
      { name: 'odd.none', params: null, allow: 'server' },
      { name: 'odd.rich', params: {}, allow: 'a privilege', codes: ['x.*', 'y.too-many', 'z.wrong'], doc: hostile },
    ];
    const document = toOpenApi(referenceOf(...cards), info) as OpenApi;
    expect(await new Validator().validate(document as Record<string, unknown>)).toEqual({ valid: true });
    const { properties } = document.components.schemas['odd.loop.params'] as JsonObject;
    expect(properties).toMatchObject({
      more: { $ref: '#/components/schemas/odd.loop.params/$defs/one' },
      self: { $ref: '#/components/schemas/odd.loop.params' },
    });
    // What is data, or a key that somebody chose, is no reference.
    const data: JsonObject = { default: { $ref: '#/a' }, properties: { $ref: { const: { $ref: '#/b' } } } };
    expect(rebase(data, '#/elsewhere')).toEqual(data);
    expect(toReferencePage(referenceOf(...cards), info)).toContain('more');
  });

  it('does not make the page endless', () => {
    const deep = (depth: number): JsonObject =>
      depth === 0
        ? {}
        : { type: 'object', properties: { a: deep(depth - 1), b: deep(depth - 1) }, required: ['a', 'b'] };
    const many = Array.from({ length: 20_000 }, (_, at) => `value ${at}`);
    const page = toReferencePage(
      referenceOf({ params: deep(10) }, { params: { properties: { a: { enum: many } } }, doc: 'x'.repeat(300) }),
      info,
    );
    expect(page.length).toBeLessThan(200_000);
  });
});
