import type { ComponentChildren, VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button, IconButton } from "./button.tsx";
import { classes } from "./classes.ts";
import { copyText } from "./clipboard.ts";
import { useAnnouncer } from "./live.tsx";

const SHOWN_MS = 1500;

function useCopy(text: string): readonly [copied: boolean, copy: () => void] {
  const { speak, tell } = useAnnouncer();
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  async function copy(): Promise<void> {
    if (!(await copyText(text)))
      return tell("The browser refused the clipboard. Select the text and copy it.", "bad");
    setCopied(true);
    speak("Copied");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), SHOWN_MS);
  }
  return [copied, () => void copy()];
}

/** A button that copies, with words. */
export function CopyButton({
  text,
  size,
  kind,
  children,
}: {
  readonly text: string;
  readonly size?: "small";
  readonly kind?: "primary" | "quiet";
  readonly children: ComponentChildren;
}): VNode {
  const [copied, copy] = useCopy(text);
  const look = { ...(size === undefined ? {} : { size }), ...(kind === undefined ? {} : { kind }) };
  return (
    <Button {...look} icon={copied ? "check" : "copy"} onClick={copy}>
      {children}
    </Button>
  );
}

/** Something to paste. `shown` where what is seen differs from what is copied: a highlighted text, a masked token. */
export function CodeBlock({
  text,
  label,
  shown,
  wrap = true,
}: {
  readonly text: string;
  /** What the copy button is called: `Copy the command`. */
  readonly label?: string;
  readonly shown?: ComponentChildren;
  readonly wrap?: boolean;
}): VNode {
  const [copied, copy] = useCopy(text);
  return (
    <div class={classes("code", !wrap && "nowrap")}>
      <pre tabIndex={0} role="group" aria-label={label?.replace(/^Copy /, "")}>
        <code>{shown ?? text}</code>
      </pre>
      <IconButton
        size="small"
        kind="quiet"
        label={label ?? "Copy"}
        icon={copied ? "check" : "copy"}
        onClick={copy}
      />
    </div>
  );
}
