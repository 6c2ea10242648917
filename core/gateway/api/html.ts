/** The methods of a node as a page: to read without scripts, to search and try with one (api/page.ts). */
import type { JsonObject } from '../../contract/content.ts';
import type { MethodCard, PluginCard, Reference } from '../../contract/reference.ts';
import { type Html, html, type Part } from '../html.ts';
import { statusOf } from '../http-status.ts';
import { codesOf, everywhere, isFamily } from './codes.ts';
import { type ApiInfo, whoMay } from './openapi.ts';
import { type ParamRow, toRows } from './params.ts';
import { plainRoutes } from './routes.ts';
import { exampleOf, isObject } from './schema.ts';

/** @returns The whole document. What plugins wrote is text in it, whatever they wrote. */
export function toReferencePage({ methods, plugins }: Reference, info: ApiInfo): string {
  const byPlugin = Map.groupBy(methods, ({ plugin }) => plugin);
  const groups = plugins.map((plugin) => ({ plugin, cards: byPlugin.get(plugin.name) ?? [] }));
  const body = html`
<a class="skip" href="#_methods">Skip to the methods</a>
<div class="columns">
  <header class="side">
    <h1>HTTP reference</h1>
    <p>Roost ${info.version} · ${methods.length} methods of ${plugins.length} plugins</p>
    <form id="_find" role="search" hidden>
      <label for="_search">Search <kbd>/</kbd></label>
      <input id="_search" type="search" autocomplete="off" spellcheck="false" maxlength="100" placeholder="say, zone, token …" />
      <p id="_found" role="status"></p>
    </form>
    <nav aria-label="Plugins">
      <ul><li><a href="#_about">How to call</a></li>
      ${groups.map(({ plugin, cards }) => html`<li><a href="#_${plugin.name}">${plugin.name} <small>${cards.length}</small></a></li>`)}</ul>
    </nav>
    ${tokenForm('Kept in the memory of this page, and nowhere else. Without one you are a stranger; cookies are not sent.')}
  </header>
  <main id="_methods" tabindex="-1">
    ${about(info)}
    ${groups.map(({ plugin, cards }) => toSection(plugin, cards))}
    <p id="_none" hidden>No method fits.</p>
  </main>
</div>`;
  return document('HTTP reference – Roost', body);
}

/** For whoever may not see it without a token. */
export function toLockedPage(): string {
  const body = html`
<main class="locked" id="_locked">
  <h1>HTTP reference</h1>
  <p>What this node can be asked is shown to who runs it: with the token of an operator, and in development on its own machine.</p>
  ${tokenForm('An operator’s token, from admin.login. It is kept in the memory of this page, and nowhere else.', true)}
  <noscript><p>With curl: <code>curl -H "authorization: Bearer $TOKEN" …/docs/api/openapi.json</code></p></noscript>
</main>`;
  return document('HTTP reference – Roost', body);
}

function document(title: string, body: Html): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%238d5f3b'/%3E%3C/svg%3E" />
<link rel="stylesheet" href="/docs/api/page.css" />
<script type="module" src="/docs/api/page.ts"></script>
</head>
<body>${body}
</body>
</html>
`;
  return page.text;
}

function tokenForm(hint: string, withButton = false): Html {
  return html`<form id="_who" hidden>
    <label for="_token">Bearer token</label>
    <input id="_token" type="password" autocomplete="off" spellcheck="false" maxlength="200" aria-describedby="_hint" />
    ${withButton ? html`<button type="submit">Show the methods</button>` : ''}
    <p id="_hint">${hint}</p>
    <p id="_told" role="status"></p>
  </form>`;
}

function about({ messageBytes }: ApiInfo): Html {
  return html`<section class="about" id="_about" tabindex="-1" aria-labelledby="_about-title">
  <h2 id="_about-title">How to call</h2>
  <div class="sheet"><div>
  <p><code>POST /rpc/<i>method</i></code> takes the params as a JSON object and answers the result as it is. A refusal is
  <code>{ "error": { "code", "message", "details" } }</code>: switch on the code, the status says what kind of thing it is. The same methods are
  called by JSON-RPC 2.0 at <code>POST /rpc</code>, up to 50 in a batch, and by name over socket.io. A body has at most ${messageBytes.toLocaleString('en')} bytes and
  the type <code>application/json</code>.</p>
  <p>Who you are goes with every request: <code>authorization: Bearer …</code> with the <code>token</code> of
  <a href="#auth.login">auth.login</a>, or as a guest with the <code>resume</code> of <a href="#zone.enter">zone.enter</a>.</p>
  <p class="codes">Any call may be refused with ${everywhere
    .map(([, code]) => code)
    .filter(isFirst)
    .map(toCode)}</p>
  <p><a href="/docs/api/openapi.json">OpenAPI 3.1 document</a>, for tools. All of this is made from the running plugins, whenever it is asked for.</p>
  </div><div>
  <h3>A first call</h3>
  <pre tabindex="0" aria-label="A first call"><code>curl -sS ${origin}/rpc/host.ping \\
  -H 'content-type: application/json' -d '{}'</code></pre>
  <h3>As somebody</h3>
  <pre tabindex="0" aria-label="A call as somebody"><code>TOKEN=$(curl -sS ${origin}/rpc/zone.enter \\
  -H 'content-type: application/json' \\
  -d '{"name":"Robin"}' | jq -r .resume)
curl -sS ${origin}/rpc/chat.say \\
  -H 'content-type: application/json' \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"text":"Hello"}'</code></pre>
  </div></div>
  <details><summary>Other routes</summary><ul>${routesOf(plainRoutes(messageBytes)).map(toRoute)}</ul></details>
</section>`;
}

type Route = { readonly verb: string; readonly path: string; readonly summary: string };

function routesOf(paths: JsonObject): readonly Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(isObject(operations) ? operations : {}).flatMap(([verb, operation]) =>
      isObject(operation) ? [{ verb: verb.toUpperCase(), path, summary: String(operation.summary ?? '') }] : [],
    ),
  );
}

function toRoute({ verb, path, summary }: Route): Html {
  return html`<li><code>${verb} ${path}</code> ${summary}</li>`;
}

function isFirst(code: string, at: number, codes: readonly string[]): boolean {
  return codes.indexOf(code) === at;
}

function toSection({ name, version, build }: PluginCard, cards: readonly MethodCard[]): Html {
  return html`
<section class="plugin" id="_${name}" aria-labelledby="_${name}-title">
  <h2 id="_${name}-title">${name} <small>${version} · ${build}</small></h2>
  ${cards.map(toArticle)}
</section>`;
}

function toArticle(card: MethodCard): Html {
  const { name, doc, more, answer, allow, rate, deadlineMs, params } = card;
  return html`
<article id="${name}" tabindex="-1">
  <h3><a href="#${name}">${name}</a> <span class="who ${allow === 'anyone' ? 'open' : 'closed'}">${allow}</span></h3>
  <p class="doc">${doc === '' ? 'Its author has not said what it does.' : toWords(doc)}</p>
  <details>
    <summary>Params, answer, codes${allow === 'server' ? '' : ', try it'}<span class="hint">: ${name}</span></summary>
    <div class="sheet"><div>
    <p class="route"><b>POST</b> <code>/rpc/${name}</code></p>
    ${more === '' ? '' : html`<p>${toWords(more)}</p>`}
    <p class="facts">${whoMay(allow)} <span>${rate.perSecond}/s, ${rate.burst} at once</span>, answered within ${deadlineMs / 1_000} s.</p>
    <h4>Params</h4>
    ${params === null ? html`<p>Anything: it names none.</p>` : toTable(name, toRows(params))}
    <h4>Answer</h4>
    <p>${answer === '' ? 'Its author has not said what it answers.' : toWords(answer)}</p>
    <h4>Codes</h4>
    <p class="codes">${codesOf(card).map(toCode)} and <a href="#_about">those of any call</a>.</p>
    </div><div>
    ${allow === 'server' ? '' : toForm(card)}
    <h4>With curl</h4>
    <pre tabindex="0" aria-label="${name} with curl"><code>${toCurl(card)}</code></pre>
    <h4>In JavaScript</h4>
    <pre tabindex="0" aria-label="${name} in JavaScript"><code>${toScript(card)}</code></pre>
    </div></div>
  </details>
</article>`;
}

/** What stands between backticks is code. */
function toWords(doc: string): readonly Part[] {
  return doc.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}

function toTable(name: string, rows: readonly ParamRow[]): Html {
  if (rows.length === 0) return html`<p>None; any key is refused.</p>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Params of ${name}"><table>
  <thead><tr><th scope="col">key</th><th scope="col">what</th><th scope="col">default</th></tr></thead>
  <tbody>${rows.map(toRow)}</tbody>
</table></div>`;
}

function toRow({ key, type, required, usual, description }: ParamRow): Html {
  const words = description === '' ? '' : html`<br />${description}`;
  const last =
    usual === undefined ? html`<td>${wanted.get(required)}</td>` : html`<td class="usual"><code>${usual}</code></td>`;
  return html`<tr><th scope="row"><code>${key}</code></th><td>${type}${words}</td>${last}</tr>`;
}

const wanted: ReadonlyMap<ParamRow['required'], Html> = new Map([
  ['always', html`<b>required</b>`],
  ['sometimes', html`<b>required</b> in one form`],
  ['no', html`<small>optional</small>`],
]);

function toCode(code: string): Html {
  return html`<span><code>${code}</code>${isFamily(code) ? '' : html` <small>${statusOf(code)}</small>`}</span> `;
}

/** Stands for the address of the node; the script puts in the one that it was loaded from. */
const origin = html`<span data-origin>http://localhost:3000</span>`;

function toCurl(card: MethodCard): Html {
  const token = card.allow === 'anyone' ? '' : html` -H "authorization: Bearer $TOKEN" \\\n `;
  return html`curl -sS ${origin}/rpc/${card.name} \\\n  -H 'content-type: application/json' \\\n ${token} -d ${quoted(exampleText(card))}`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function toScript(card: MethodCard): Html {
  const token = card.allow === 'anyone' ? '' : ", authorization: 'Bearer ' + token";
  return html`const response = await fetch('${origin}/rpc/${card.name}', {
  method: 'POST',
  headers: { 'content-type': 'application/json'${token} },
  body: JSON.stringify(${exampleText(card)}),
});
const answer = await response.json();
if (!response.ok) throw new Error(answer.error.code);`;
}

function exampleText({ params }: MethodCard): string {
  return JSON.stringify(exampleOf(params));
}

function toForm(card: MethodCard): Html {
  const example = JSON.stringify(exampleOf(card.params), null, 2);
  const rows = Math.min(12, Math.max(2, example.split('\n').length));
  return html`<h4>Try it</h4>
    <form class="try" data-method="${card.name}" hidden>
      <label>Params of ${card.name}<textarea rows="${rows}" spellcheck="false" autocomplete="off">
${example}</textarea></label>
      <button type="submit">Send</button> <kbd>Ctrl</kbd> <kbd>Enter</kbd>
      <p class="outcome" role="status"></p>
      <pre class="answer" tabindex="0" aria-label="Answer of ${card.name}" hidden></pre>
    </form>`;
}
