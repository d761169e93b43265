// Gestures on the picture's pane: zoom around the pointer (Ctrl and wheel, two fingers) and dragging the picture (middle
// button, held Space, or the hand), so that plain dragging stays free for choosing words.

// Zoom for each unit of a wheel's movement; a notch of a common mouse is 100 units.
const WHEEL_ZOOM = 0.0025;

export class Gestures {
  // `hand`: switched on by its button; `space`: the key is held down.
  hand = false;
  space = false;
  #pane;
  #zoomAt;

  // zoomAt(factor, x, y): zoom around a point of the window.
  constructor(pane, zoomAt) {
    this.#pane = pane;
    this.#zoomAt = zoomAt;
    pane.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    pane.addEventListener("touchstart", (event) => this.#pinch(event), { passive: false });
    pane.addEventListener("pointerdown", (event) => this.#press(event));
    // The middle button would start the browser's own scrolling.
    pane.addEventListener("mousedown", (event) => { if (event.button === 1) event.preventDefault(); });
  }

  set({ hand = this.hand, space = this.space }) {
    Object.assign(this, { hand, space });
    this.#pane.classList.toggle("pans", hand || space);
  }

  // Whether a press drags the picture instead of choosing words.
  drags(event) {
    return event.pointerType !== "touch" && (event.button === 1 || (event.button === 0 && (this.hand || this.space)));
  }

  #wheel(event) {
    // A trackpad's pinch arrives as a wheel with Ctrl.
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#zoomAt(Math.exp(-event.deltaY * WHEEL_ZOOM), event.clientX, event.clientY);
  }

  #press(event) {
    if (!this.drags(event)) return;
    event.preventDefault();
    const pane = this.#pane;
    const from = { x: event.clientX + pane.scrollLeft, y: event.clientY + pane.scrollTop };
    const move = (later) => pane.scrollTo(from.x - later.clientX, from.y - later.clientY);
    const end = () => {
      pane.removeEventListener("pointermove", move);
      pane.classList.remove("dragged");
    };
    pane.classList.add("dragged");
    pane.setPointerCapture(event.pointerId);
    pane.addEventListener("pointermove", move);
    pane.addEventListener("pointerup", end, { once: true });
    pane.addEventListener("pointercancel", end, { once: true });
  }

  #pinch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    let before = spread(event.touches);
    const move = (later) => {
      if (later.touches.length !== 2) return;
      later.preventDefault();
      const now = spread(later.touches);
      this.#zoomAt(now.distance / before.distance, now.x, now.y);
      before = now;
    };
    const end = () => {
      this.#pane.removeEventListener("touchmove", move);
      this.#pane.removeEventListener("touchend", end);
      this.#pane.removeEventListener("touchcancel", end);
    };
    this.#pane.addEventListener("touchmove", move, { passive: false });
    this.#pane.addEventListener("touchend", end);
    this.#pane.addEventListener("touchcancel", end);
  }
}

// The distance of two fingers and the point between them.
function spread([one, other]) {
  return {
    distance: Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1),
    x: (one.clientX + other.clientX) / 2,
    y: (one.clientY + other.clientY) / 2,
  };
}
