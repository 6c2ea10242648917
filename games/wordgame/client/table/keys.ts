/** Keys of the table. They are left alone while something is typed, a window is open, or a button has the focus. */
type Keys = {
  readonly [key in 'Enter' | ' ' | 'Backspace' | 'Escape' | 'ArrowLeft' | 'ArrowRight']: () => void;
} & { readonly letter: (letter: string) => void };

/** @param isOpen  Whether they mean something now. */
export function listenToKeys(isOpen: () => boolean, { letter, ...keys }: Keys): void {
  const named = new Map<string, () => void>(Object.entries(keys));
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (!isOpen() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest('dialog, input') !== null || document.querySelector('dialog[open]') !== null) return;
    const presses = target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' ');
    const act = named.get(event.key);
    if (presses) return;
    if (act !== undefined) act();
    else if (/^[a-z]$/i.test(event.key)) {
      // Who types is done with the button that was pressed last: Enter is for the word.
      target.blur();
      letter(event.key.toLowerCase());
    } else return;
    event.preventDefault();
  });
}
