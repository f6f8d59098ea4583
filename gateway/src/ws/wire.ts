// What a socket needs below its messages: pings, and a reader that takes no more than it can answer.
import type { WebSocket } from "ws";
import type { Outbox } from "./outbox.ts";

/** Ends a socket whose client does not answer pings. @returns what stops it */
export function keepAlive(socket: WebSocket, interval: number): () => void {
  let answered = true;
  socket.on("pong", () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval);
  return () => clearInterval(timer);
}

/**
 * Who does not read the answers is not read any more either; and who says more than `most` messages in a second is
 * read on in the next. What is not read waits in the client's own network.
 * @returns what stops it
 */
export function readEvenly(
  socket: WebSocket,
  outbox: Pick<Outbox, "congested" | "drained">,
  most: number,
): () => void {
  let holds = 0;
  let said = 0;
  let second = 0;
  let timer: NodeJS.Timeout | undefined;
  const hold = (): void => {
    if (holds++ === 0) socket.pause();
  };
  const release = (): void => {
    if (--holds === 0) socket.resume();
  };
  let slow = false;
  socket.on("message", () => {
    if (socket.readyState !== socket.OPEN) return;
    if (outbox.congested() && !slow) {
      slow = true;
      hold();
      void outbox.drained().then(() => {
        slow = false;
        release();
      });
    }
    const now = Date.now();
    if (now - second >= 1_000) {
      second = now;
      said = 0;
    }
    said += 1;
    if (said <= most || timer) return;
    hold();
    timer = setTimeout(
      () => {
        timer = undefined;
        second = 0;
        release();
      },
      second + 1_000 - now,
    );
  });
  return () => clearTimeout(timer);
}
