/** What scripts declare about their kinds, checked: it came out of an isolate and goes to clients. */
import { whyNotBody } from '../contract/body.ts';
import type { KindInfo, MethodInfo } from '../contract/link.ts';
import { cleanLook, cleanText, isObject, valueLimits, whyNotLook } from './check.ts';

const mostKinds = 1_000;
const mostMethods = 256;
const mostParams = 64;

/** Kinds with everything in its bounds; what is not proper is left out. */
export function toKinds(claims: readonly KindInfo[]): readonly KindInfo[] {
  return claims.filter(isObject).slice(0, mostKinds).map(toKind);
}

function toKind(claim: KindInfo): KindInfo {
  const methods = Array.isArray(claim.methods) ? claim.methods : [];
  return {
    kind: cleanText(claim.kind, valueLimits.name),
    build: cleanText(claim.build, 64),
    version: Number.isSafeInteger(claim.version) ? claim.version : 1,
    body: isObject(claim.body) && whyNotBody(claim.body) === null ? claim.body : null,
    look: claim.look !== null && whyNotLook(claim.look) === null ? cleanLook(claim.look) : null,
    activates: claim.activates === true,
    methods: (methods as readonly MethodInfo[])
      .filter((method) => isObject(method))
      .slice(0, mostMethods)
      .map(toMethod),
  };
}

function toMethod(claim: MethodInfo): MethodInfo {
  const params = Object.entries(isObject(claim.params) ? claim.params : {})
    .slice(0, mostParams)
    .map(([name, type]) => [cleanText(name, valueLimits.name), cleanText(type, 16)] as const);
  return {
    name: cleanText(claim.name, valueLimits.name),
    label: cleanText(claim.label, valueLimits.label),
    allow: claim.allow === 'owner' || claim.allow === 'view' ? claim.allow : 'reach',
    reach: Number.isFinite(claim.reach) ? claim.reach : 0,
    durable: claim.durable === true,
    params: Object.fromEntries(params),
  };
}
