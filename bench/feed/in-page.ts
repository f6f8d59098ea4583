// What is measured within the page. Each function is sent to the browser as its text, and refers to nothing outside.

export interface Frames {
  /** Milliseconds from one frame to the next. */
  readonly frames: readonly number[];
  /** Frames that took more than 50 ms: in all, in scripts, in style and layout. */
  readonly long: readonly { readonly all: number; readonly script: number; readonly layout: number }[];
  /** Times a card was drawn with another text. */
  readonly drawn: number;
  readonly rows: number;
  readonly nodes: number;
}

interface Measuring {
  stop(): Frames;
}

/** Frames are counted from now on; `scrolls`: up and down through all of the timeline, 40 pixels a frame. */
export function startMeasuring(scrolls: boolean): void {
  const frames: number[] = [];
  const long: { all: number; script: number; layout: number }[] = [];
  let drawn = 0;
  let going = true;
  const area = document.querySelector("[data-timeline]")!;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const frame = entry as PerformanceEntry & {
        readonly styleAndLayoutStart: number;
        readonly scripts: readonly { readonly duration: number }[];
      };
      const end = frame.startTime + frame.duration;
      long.push({
        all: frame.duration,
        script: frame.scripts.reduce((sum, { duration }) => sum + duration, 0),
        layout: frame.styleAndLayoutStart > 0 ? end - frame.styleAndLayoutStart : 0,
      });
    }
  });
  observer.observe({ type: "long-animation-frame" });
  const mutations = new MutationObserver((records) => {
    const cards = new Set(
      records.map(({ target }) =>
        (target instanceof Element ? target : target.parentElement)?.closest(".card"),
      ),
    );
    drawn += cards.size - (cards.has(null) || cards.has(undefined) ? 1 : 0);
  });
  mutations.observe(area, { subtree: true, characterData: true, childList: true });
  let last = performance.now();
  let step = -40;
  const frame = (now: number): void => {
    frames.push(now - last);
    last = now;
    if (scrolls) {
      area.scrollTop += step;
      if (area.scrollTop <= 0) step = 40;
      else if (area.scrollTop + area.clientHeight >= area.scrollHeight - 1) step = -40;
    }
    if (going) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  Object.assign(globalThis, {
    measuring: {
      stop: () => {
        going = false;
        observer.disconnect();
        mutations.disconnect();
        const rows = document.querySelectorAll("[data-timeline] [data-entry]").length;
        return { frames, long, drawn, rows, nodes: document.querySelectorAll("*").length };
      },
    } satisfies Measuring,
  });
}

export function stopMeasuring(): Frames {
  return (globalThis as unknown as { readonly measuring: Measuring }).measuring.stop();
}
