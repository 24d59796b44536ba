import type { ComponentChildren, VNode } from "preact";
import { Button } from "./button.tsx";
import { CodeBlock } from "./code.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** Says what would be here and how to get it: often the next command to paste. */
export const Empty = ({
  icon,
  title,
  command,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly command?: string | undefined;
  readonly children?: ComponentChildren;
}): VNode => (
  <div class="empty">
    <Icon name={icon} />
    <h2>{title}</h2>
    {children}
    {command === undefined ? null : <CodeBlock text={command} label="Copy the command" />}
  </div>
);

export type NoteKind = "info" | "ok" | "warn" | "bad";

const ICONS: Readonly<Record<NoteKind, IconName>> = {
  info: "info",
  ok: "check",
  warn: "alert",
  bad: "alert",
};

/** A few words set apart; `bad` is spoken at once. */
export const Note = ({
  kind = "info",
  children,
}: {
  readonly kind?: NoteKind;
  readonly children: ComponentChildren;
}): VNode => (
  <div class={`note ${kind}`} role={kind === "bad" ? "alert" : undefined}>
    <Icon name={ICONS[kind]} />
    <div class="grow stack tight">{children}</div>
  </div>
);

/** What went wrong, and another try. */
export const Failed = ({
  what,
  onAgain,
}: {
  readonly what: string;
  readonly onAgain?: () => void;
}): VNode => (
  <Note kind="bad">
    <p class="break">{what}</p>
    {onAgain === undefined ? null : (
      <div>
        <Button size="small" icon="refresh" onClick={onAgain}>
          Try again
        </Button>
      </div>
    )}
  </Note>
);
