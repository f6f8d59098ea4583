// Asks once more before words are gone for good.
import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import type { Message } from "../junto/index.ts";
import { useWords } from "../words/words.ts";

export function DeleteDialog({
  message,
  onDelete,
  onClose,
}: {
  readonly message: Message;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useWords();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="dialog" role="alertdialog">
          <Dialog.Title className="sheet-title">{say("delete.title")}</Dialog.Title>
          <blockquote className="delete-words">{message.text}</blockquote>
          <Dialog.Description className="quiet">{say("delete.hint")}</Dialog.Description>
          <div className="dialog-foot">
            <Dialog.Close className="button">{say("app.cancel")}</Dialog.Close>
            <button type="button" className="button button-bad" onClick={onDelete}>
              {say("message.delete")}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
