/**
 * The drawer: a script in an editor beside the game, for the browser that was opened with the link of `npm start`.
 * What is saved runs a moment later, for everybody who plays; what comes of it stands in the line below the editor.
 */
import type { Client } from 'roost/client';
import { changeOf } from './change.ts';
import type { Chip } from './chips.ts';
import type { Editor } from './editor.ts';
import { codeOf, Files, type Text } from './files.ts';
import { isNamed, toChoice } from './list.ts';
import { type News, type Told, tell } from './news.ts';
import { makeParts, type Parts } from './parts.ts';
import { forgetToken } from './token.ts';

export type DrawerOptions = {
  /** Where its button stands. */
  readonly tabs: HTMLElement;
  /** The game whose own scripts are meant before those of all games. */
  readonly game: string;
  /** The kind whose script is opened first, and what people call all of them: `hens`. */
  readonly kind: string;
  readonly all: string;
  readonly chips: readonly Chip[];
  /** It was opened or closed: the picture has another size. */
  readonly moved: () => void;
};

/** Bytes of one save, below the longest message of the wire (16 KB). */
const saveMost = 15_000;
/** A message belongs to a save here when it comes within so many seconds. */
const patienceS = 30;

export class Drawer {
  readonly #client: Client;
  readonly #options: DrawerOptions;
  readonly #parts: Parts;
  readonly #files: Files;
  #editor: Editor | undefined;
  /** What the server has, as far as we know. */
  #file: Text | undefined;
  #savedAt: number | undefined;
  /** The build of it that was compiled last, and the one that runs. */
  #build: string | undefined;
  #running: string | undefined;
  #busy = false;

  constructor(client: Client, options: DrawerOptions) {
    this.#client = client;
    this.#options = options;
    this.#files = new Files(client);
    this.#parts = makeParts(options.chips);
    this.#listen();
    client.on('watch', (news) => void this.#hear(news));
  }

  /** Shows its button to who may build. Call it on every connection: an old token opens nothing after a restart. */
  async offer(): Promise<void> {
    const allowed = await this.#files.refresh();
    if (allowed === undefined) return;
    const { tab, drawer } = this.#parts;
    if (allowed && !tab.isConnected) {
      const style = Object.assign(document.createElement('link'), { rel: 'stylesheet' });
      style.href = new URL('drawer.css', import.meta.url).href;
      document.head.append(style);
      this.#options.tabs.prepend(tab);
      document.body.append(drawer);
    } else if (!allowed) {
      forgetToken();
      this.#say({ tone: 'bad', text: 'The server was started again: open the new link that it printed.' });
      if (drawer.hidden) tab.remove();
    }
    if (allowed) await this.#client.call('host.watch');
  }

  async toggle(open = this.#parts.drawer.hidden === true): Promise<void> {
    const { drawer, tab, code } = this.#parts;
    drawer.hidden = !open;
    document.body.classList.toggle('drawer-open', open);
    tab.setAttribute('aria-expanded', String(open));
    this.#options.moved();
    if (!open) return;
    if (this.#editor === undefined) {
      this.#say({ tone: 'busy', text: 'the editor comes…' });
      const { openEditor } = await import('./editor.ts');
      this.#editor = openEditor(code, () => this.#changed());
      await this.#open(this.#first());
    } else if (await this.#files.refresh()) this.#listFiles();
    // On a phone the keyboard would cover what is to be seen.
    if (matchMedia('(pointer: fine)').matches) this.#editor.focus();
  }

  #listen(): void {
    const { tab, drawer, file, save, close, original, remedy, chips } = this.#parts;
    tab.addEventListener('click', () => void this.toggle());
    close.addEventListener('click', () => void this.toggle(false));
    save.addEventListener('click', () => void this.#save());
    original.addEventListener('click', () => void this.#goBack());
    file.addEventListener('change', () => void this.#choose(file.value));
    remedy.addEventListener('click', () => this.#remedy?.());
    for (const { chip, button, way } of chips) {
      button.addEventListener('click', () => void this.#press(chip, !chip.isOn(this.#text), way?.value));
      way?.addEventListener('change', () => void this.#press(chip, true, way.value));
    }
    drawer.addEventListener('keydown', (event) => {
      // What is typed here is not for the game.
      event.stopPropagation();
      if (event.key === 'Escape' && !event.defaultPrevented) {
        void this.toggle(false);
        tab.focus();
      }
      if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        void this.#save();
      }
    });
    addEventListener('beforeunload', (event) => this.#isDirty && event.preventDefault());
  }

  get #text(): string {
    return this.#editor?.text() ?? '';
  }

  get #isDirty(): boolean {
    return this.#file !== undefined && this.#text !== this.#file.text;
  }

  /** The script that the page is about. */
  #first(): string {
    const { kind, game } = this.#options;
    return (this.#files.ofKind(kind, game) ?? this.#files.all[0])?.path ?? '';
  }

  async #choose(path: string): Promise<void> {
    if (this.#isDirty && this.#file !== undefined) {
      this.#parts.file.value = this.#file.path;
      this.#say({ tone: 'bad', text: 'save it first, or go back to the original' });
    } else await this.#open(path);
  }

  async #open(path: string): Promise<void> {
    await this.#try(async () => {
      await this.#files.refresh();
      this.#take(await this.#files.open(path));
      this.#say({ tone: 'calm', text: 'change something, and save' });
    });
  }

  #take(file: Text): void {
    this.#file = file;
    this.#savedAt = undefined;
    const { build, state } = this.#files.find(file.path) ?? {};
    this.#build = build ?? undefined;
    this.#running = state === 'running' || state === 'probation' ? this.#build : undefined;
    this.#editor?.open(file.text);
    this.#changed();
    this.#listFiles();
  }

  #listFiles(): void {
    const { file } = this.#parts;
    file.replaceChildren(...toChoice(this.#files.all, this.#options.game));
    file.value = this.#file?.path ?? '';
  }

  #changed(): void {
    const { unsaved, save, chips } = this.#parts;
    const dirty = this.#isDirty;
    unsaved.hidden = !dirty;
    save.disabled = !dirty;
    const isHen = this.#file?.path === this.#first();
    for (const { chip, button } of chips) {
      button.setAttribute('aria-pressed', String(isHen && chip.isOn(this.#text)));
    }
  }

  async #press(chip: Chip, on: boolean, way: string | undefined): Promise<void> {
    if (this.#busy || this.#editor === undefined) return;
    const path = this.#first();
    if (this.#file?.path !== path) await this.#choose(path);
    if (this.#file?.path !== path) return;
    const text = on ? chip.put(this.#text, way) : chip.takeBack(this.#text);
    if (text === undefined) {
      return this.#say({ tone: 'bad', text: `no place found to ${chip.label}: go back to the original first` });
    }
    this.#editor.change(text);
    await this.#save();
  }

  async #goBack(): Promise<void> {
    const { path } = this.#file ?? {};
    if (path === undefined) return;
    await this.#try(async () => {
      const { text } = await this.#files.open(path, true);
      if (text !== this.#text) this.#editor?.change(text);
      else if (!this.#isDirty) this.#say({ tone: 'calm', text: 'this is the original' });
    });
    if (this.#isDirty) await this.#save();
  }

  async #save(): Promise<void> {
    const file = this.#file;
    if (file === undefined || this.#busy) return;
    const text = this.#text;
    if (text === file.text) return this.#say({ tone: 'calm', text: 'nothing to save' });
    const change = changeOf(file.text, text);
    if (new Blob([JSON.stringify(change.text)]).size > saveMost) {
      return this.#say({ tone: 'bad', text: 'that is more than 15 KB at once: save it in smaller steps' });
    }
    this.#busy = true;
    this.#editor?.mark(undefined);
    this.#savedAt = performance.now();
    this.#say({ tone: 'busy', text: 'saved, on its way…' });
    await this.#try(async () => {
      const hash = await this.#files.save(file, change.text, change.range);
      this.#file = { path: file.path, text, hash };
    });
    this.#busy = false;
    this.#changed();
  }

  async #hear(news: News): Promise<void> {
    const file = this.#file;
    const ofZone = news.what === 'worker' || news.what === 'recovered';
    const isMine = news.path === file?.path;
    // What throws may stand in a file that this one imports.
    if (file === undefined || !(isMine || ofZone || (news.build !== undefined && news.build === this.#build))) return;
    const passed = this.#savedAt === undefined ? patienceS : (performance.now() - this.#savedAt) / 1000;
    const since = passed < patienceS ? passed : undefined;
    if (ofZone && since === undefined) return;
    if (news.what === 'reload' && news.zone === undefined) this.#build = news.build ?? this.#build;
    const { zone: here } = this.#client;
    const all = file.path === this.#first() ? this.#options.all : 'of them';
    const known = { all, since, build: this.#build, running: this.#running, here };
    const said = tell(news, known);
    if (said !== undefined) this.#say(said);
    if (news.what === 'reload' && said?.tone === 'good') this.#running = news.build ?? this.#running;
    if (news.former !== undefined) this.#running = news.former;
    if (said?.mark !== undefined && isMine) this.#editor?.mark(said.mark);
    if (said?.tone === 'good' && !ofZone) this.#editor?.mark(undefined);
    if (news.what === 'reload' || news.what === 'error') await this.#follow(file);
    // It is named by what became of it.
    const script = this.#files.find(file.path);
    const passes = said?.tone === 'good' && script !== undefined && isNamed(script);
    const changes = passes || news.what === 'back' || news.what === 'quarantine';
    if (changes && (await this.#files.refresh())) this.#listFiles();
  }

  /** Somebody else may have saved the file: in an editor, or in another browser. */
  async #follow(before: Text): Promise<void> {
    if (this.#busy || this.#file !== before) return;
    const now = await this.#files.open(before.path);
    if (this.#busy || this.#file !== before || now.hash === before.hash) return;
    if (this.#isDirty) this.#offerTheirs(now);
    else {
      this.#file = now;
      this.#editor?.change(now.text);
      this.#changed();
    }
  }

  #offerTheirs(now: Text): void {
    this.#say({ tone: 'bad', text: 'somebody else saved it meanwhile' }, 'take theirs', () => {
      this.#take(now);
      this.#say({ tone: 'calm', text: 'this is theirs' });
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { path } = this.#file ?? {};
      if (codeOf(error) === 'script.changed' && path !== undefined) this.#offerTheirs(await this.#files.open(path));
      else this.#say({ tone: 'bad', text: error instanceof Error ? error.message : String(error) });
    }
  }

  #remedy: (() => void) | undefined;

  #say({ tone, text, held = false }: Told, offer?: string, remedy?: () => void): void {
    const { status, said, remedy: button } = this.#parts;
    status.dataset.tone = tone;
    said.textContent = text;
    this.#remedy = held ? () => void this.#lift() : remedy;
    button.textContent = held ? 'lift it' : (offer ?? '');
    button.hidden = this.#remedy === undefined;
  }

  async #lift(): Promise<void> {
    const { path } = this.#file ?? {};
    if (path === undefined) return;
    await this.#try(async () => {
      await this.#files.lift(path);
      this.#say({ tone: 'busy', text: 'lifted: it gets another chance' });
    });
  }
}
