/** Tabs of the page: one is chosen, arrow keys go from one to the next. */
export class Tabs {
  readonly #tabs: readonly HTMLElement[];
  readonly #chosen: (id: string) => void;

  /** @param list  Element with role `tablist`; its tabs name their panels with `aria-controls`. */
  constructor(list: HTMLElement, chosen: (id: string) => void) {
    this.#tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
    this.#chosen = chosen;
    for (const tab of this.#tabs) tab.addEventListener('click', () => this.choose(tab.id));
    list.addEventListener('keydown', (event) => {
      const open = this.#tabs.filter(({ hidden }) => !hidden);
      const at = open.findIndex(({ id }) => id === (event.target as HTMLElement).id);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + open.length, Home: 0, End: open.length - 1 }[event.key];
      const tab = to === undefined || at === -1 ? undefined : open[to % open.length];
      if (tab === undefined) return;
      event.preventDefault();
      this.choose(tab.id);
      tab.focus();
    });
  }

  get current(): string {
    return this.#tabs.find((tab) => tab.getAttribute('aria-selected') === 'true')?.id ?? '';
  }

  /** Shows the panel of a tab, by the tab's id. */
  choose(id: string): void {
    for (const tab of this.#tabs) {
      const chosen = tab.id === id;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel !== null) panel.hidden = !chosen;
    }
    this.#chosen(id);
  }
}
