// What comes up over the chat: on a phone a sheet over about 60 % of the screen, to be dragged to the whole of it or away;
// on a desktop a panel at its side. The chat stays visible.
import { Drawer } from "@base-ui/react/drawer";
import { useState, type ReactNode } from "react";
import { useMedia } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

/** Wide enough for the chat and something beside it. */
const WIDE = "(min-width: 60rem)";

/** So low that half of it holds nothing. */
const LOW = "(max-height: 30rem)";

const SNAPS = [0.62, 1];

export function Sheet({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const say = useWords();
  const isWide = useMedia(WIDE);
  const isLow = useMedia(LOW);
  const [snap, setSnap] = useState<Drawer.Root.SnapPoint | null>(SNAPS[isLow ? 1 : 0]!);
  return (
    <Drawer.Root
      key={isWide ? "panel" : "sheet"}
      open
      onOpenChange={(open) => !open && onClose()}
      modal={!isWide}
      disablePointerDismissal={isWide}
      swipeDirection={isWide ? "right" : "down"}
      {...(!isWide && { snapPoints: SNAPS, snapPoint: snap, onSnapPointChange: setSnap })}
    >
      <Drawer.Portal>
        {!isWide && <Drawer.Backdrop className="sheet-backdrop" />}
        <Drawer.Viewport className={isWide ? "panel-viewport" : "sheet-viewport"}>
          <Drawer.Popup className={isWide ? "panel" : "sheet"}>
            <header className="sheet-head">
              {!isWide && <span className="sheet-grip" title={say("form.grip")} />}
              <Drawer.Title className="sheet-title">{title}</Drawer.Title>
              <Drawer.Close className="icon-button" aria-label={say("app.close")}>
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d="M6 6l12 12M18 6L6 18" />
                </svg>
              </Drawer.Close>
            </header>
            <Drawer.Content className="sheet-content">{children}</Drawer.Content>
          </Drawer.Popup>
        </Drawer.Viewport>
      </Drawer.Portal>
    </Drawer.Root>
  );
}
