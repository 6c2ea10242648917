/** Imports the files of a plugin beside whatever is loaded: a build, ready to start. */
import { pathToFileURL } from 'node:url';
import type { Fault } from '../contract/content.ts';
import { type Listeners, type Manifest, type Method, type Migration, pluginApi, z } from '../contract/plugin.ts';
import { docOf } from './doc.ts';
import type { Source, SourceFile } from './folder.ts';
import { faultAt, LoadError, locate } from './locate.ts';
import { findSyntaxError, type Place } from './syntax.ts';

/** A plugin's code in memory. It stays there for the life of the process: modules are never freed. */
export type Build = {
  readonly source: Source;
  readonly manifest: Manifest;
  readonly methods: readonly BuiltMethod[];
  /** Method files left out of it, with the reason. */
  readonly leftOut: readonly Fault[];
};

export type BuiltMethod = {
  readonly name: string;
  readonly doc: string;
  readonly method: Method;
  readonly shown: string;
  /** Methods and plugins it may take the place of. */
  readonly replaces: readonly string[];
};

export type Importing = {
  /** In the address of every module of this build, so that none is taken from an older one. */
  readonly number: number;
  /** Leave out a method file that does not load, instead of refusing the plugin: there is no older build to keep. */
  readonly lenient: boolean;
  /** Runs the import so that strays of the files are known to be the plugin's. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
};

/** @throws LoadError with file, line and column. */
export async function importBuild(source: Source, { number, lenient, run }: Importing): Promise<Build> {
  if (source.refused) throw new LoadError(source.refused);
  const version = `${source.build}-${number}`;
  const load = (file: SourceFile) => run(() => importDefault(source, file, version));
  const manifest = source.manifest ? toManifest(await load(source.manifest), source.manifest) : nameless;
  const methods: BuiltMethod[] = [];
  const leftOut: Fault[] = [];
  for (const { name, file } of source.methods) {
    try {
      const method = toMethod(await load(file), file);
      const { replaces = [] } = manifest;
      methods.push({ name, method, doc: docOf(file.text), shown: file.shown, replaces });
    } catch (error) {
      if (!lenient || !(error instanceof LoadError)) throw error;
      leftOut.push(error.fault);
    }
  }
  const [first] = leftOut;
  if (first && methods.length === 0) throw new LoadError(first);
  return { source, manifest, methods, leftOut };
}

const nameless: Manifest = { what: 'plugin', version: '0.0.0' };

async function importDefault(source: Source, file: SourceFile, version: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(`${pathToFileURL(file.path).href}?v=${version}`);
    return module.default;
  } catch (error) {
    const fault = locate(error, source, file);
    if (!(error instanceof SyntaxError)) throw new LoadError(fault);
    const place = await findSyntaxError([file, ...source.files]);
    throw new LoadError(place ? toFault(source, place, fault.message) : fault);
  }
}

function toFault({ files }: Source, { path, line, column }: Place, message: string): Fault {
  return { file: files.find((file) => file.path === path)?.shown ?? path, line, column, message };
}

const method = z.object({
  what: z.literal('method'),
  params: z
    .custom<z.ZodType>((value) => value === null || value instanceof z.ZodType, 'wanted a zod schema')
    .nullable(),
  allow: z.string().min(1),
  rate: z.object({ perSecond: z.number().positive(), burst: z.number().min(1) }).nullable(),
  deadlineMs: z.number().min(1).max(600_000).nullable(),
  handle: aFunction<Method['handle']>(),
});

const manifest = z.object({
  what: z.literal('plugin'),
  version: z.string().min(1),
  api: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  needs: z.array(z.string()).optional(),
  replaces: z.array(z.string()).optional(),
  migrations: z.array(z.object({ name: z.string().min(1).max(100), up: aFunction<Migration['up']>() })).optional(),
  start: aFunction<NonNullable<Manifest['start']>>().optional(),
  stop: aFunction<NonNullable<Manifest['stop']>>().optional(),
  authenticate: aFunction<NonNullable<Manifest['authenticate']>>().optional(),
  on: z
    .strictObject({
      opened: listener<'opened'>(),
      closed: listener<'closed'>(),
      loggedIn: listener<'loggedIn'>(),
      zoneOpened: listener<'zoneOpened'>(),
      zoneClosed: listener<'zoneClosed'>(),
      entered: listener<'entered'>(),
      left: listener<'left'>(),
    })
    .optional(),
});

function listener<Name extends keyof Listeners>() {
  return aFunction<NonNullable<Listeners[Name]>>().optional();
}

function aFunction<T>() {
  return z.custom<T>((value) => typeof value === 'function', 'wanted a function');
}

function toMethod(value: unknown, file: SourceFile): Method {
  return check(method, value, file, 'a method: wanted `export default defineMethod({ … })`');
}

/** @throws LoadError also when it was written for another major version of roost/plugin. */
function toManifest(value: unknown, file: SourceFile): Manifest {
  const found = check(manifest, value, file, 'a manifest: wanted `export default definePlugin({ … })`');
  const { api = pluginApi } = found;
  if (api.split('.')[0] === pluginApi.split('.')[0]) return found;
  const wanted = `it was written for version ${api} of roost/plugin, and this is ${pluginApi}`;
  throw new LoadError(faultAt(file, `${wanted}: another major version is not loaded`));
}

function check<T>(schema: z.ZodType<T>, value: unknown, file: SourceFile, wanted: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const where =
    issue && issue.path.length > 0 && issue.path[0] !== 'what' ? `; \`${issue.path.join('.')}\`: ${issue.message}` : '';
  throw new LoadError(faultAt(file, `its default export is not ${wanted}${where}`));
}

/** Whether the plugin was written for a newer minor version than this: some of what it uses may be missing. */
export function wantsNewer({ api = pluginApi }: Manifest): boolean {
  return Number(api.split('.')[1]) > Number(pluginApi.split('.')[1]);
}
