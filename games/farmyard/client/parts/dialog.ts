import { button, icon, make } from '../hud/page.ts';

let made = 0;

/**
 * A window over the page: the browser keeps the focus inside, Escape closes it, and the focus goes back to where it was.
 * It is gone from the page when it is closed.
 */
export class Dialog {
  readonly element = make('dialog', 'dialog');
  readonly body = make('div', 'dialog-body');
  readonly title: HTMLHeadingElement;

  constructor(title: string, name = '') {
    const { element } = this;
    if (name !== '') element.classList.add(name);
    const head = make('header', 'dialog-head');
    this.title = make('h2', '', title);
    this.title.id = `dialog-${++made}`;
    element.setAttribute('aria-labelledby', this.title.id);
    const close = button('round plain', '', () => this.close());
    close.append(icon('M6 6l12 12M18 6L6 18'));
    close.setAttribute('aria-label', 'Close');
    head.append(this.title, close);
    element.append(head, this.body);
    element.addEventListener('close', () => element.remove());
    // A press beside the window closes it, as on a phone.
    element.addEventListener('pointerdown', (event) => {
      const box = element.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      if (event.target === element && (x < box.left || x > box.right || y < box.top || y > box.bottom)) this.close();
    });
  }

  open(): void {
    document.body.append(this.element);
    this.element.showModal();
  }

  close(): void {
    this.element.close();
  }

  onClosed(listener: () => void): void {
    this.element.addEventListener('close', listener);
  }
}
