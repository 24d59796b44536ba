import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "./button.tsx";
import { classes } from "./classes.ts";
import { Announcements, useAnnouncer } from "./live.tsx";

interface DialogProps {
  readonly title: ComponentChildren;
  /** Esc, the cross, a click beside it. */
  readonly onClose: () => void;
  /** Beside the title. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A question or a form, in the middle. Whoever shows it takes it away in `onClose`. */
export const Dialog = ({ broad, ...rest }: DialogProps & { readonly broad?: boolean }): VNode => (
  <Modal look={classes("box", broad && "broad")} {...rest} />
);

/** One thing of a list in full, at the side. */
export const Drawer = (props: DialogProps): VNode => <Modal look="drawer" {...props} />;

function Modal({ look, title, tools, onClose, children }: DialogProps & { readonly look: string }): VNode {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  const announcer = useAnnouncer();
  const [depth] = useState(() => announcer.depth.peek() + 1);

  // Before anything is painted: the focus moves in, and comes back to where it was.
  useLayoutEffect(() => {
    const element = box.current;
    const before = document.activeElement;
    element?.showModal();
    // Else the first button is chosen, and it may be a grave one.
    if (element?.querySelector("[autofocus]") === null) element.querySelector("h2")?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    announcer.depth.value++;
    return () => {
      announcer.depth.value--;
    };
  }, [announcer]);

  return (
    <dialog
      ref={box}
      class={look}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget && isBeside(event, event.currentTarget)) onClose();
      }}
    >
      <header>
        <h2 id={id} class="grow cut" tabIndex={-1}>
          {title}
        </h2>
        {tools}
        <IconButton label="Close" icon="close" kind="quiet" onClick={onClose} />
      </header>
      <div class="body">{children}</div>
      <Announcements depth={depth} />
    </dialog>
  );
}

function isBeside({ clientX, clientY }: MouseEvent, element: Element): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/** Asks before something that cannot be taken back. */
export const Confirm = ({
  title,
  act,
  busy,
  onAct,
  onClose,
  children,
}: {
  readonly title: string;
  /** The deed in one or two words, as it stands on the button: `Disconnect`. */
  readonly act: string;
  readonly busy?: boolean;
  readonly onAct: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): VNode => (
  <Dialog title={title} onClose={onClose}>
    <div class="stack tight">{children}</div>
    <div class="actions">
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger primary" disabled={busy} onClick={onAct}>
        {act}
      </Button>
    </div>
  </Dialog>
);
