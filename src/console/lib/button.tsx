import type { ComponentChildren, JSX, VNode } from "preact";
import { classes } from "./classes.ts";
import { Icon, type IconName } from "./icon.tsx";

interface Look {
  /** `primary`: the one thing to do here; `danger`: cannot be taken back; `quiet`: without a border. */
  readonly kind?: "primary" | "danger" | "danger primary" | "quiet";
  readonly size?: "small";
  readonly icon?: IconName;
}

export interface ButtonProps extends Look, Omit<JSX.IntrinsicElements["button"], "icon" | "size"> {
  readonly type?: "button" | "submit";
  readonly disabled?: boolean | undefined;
  readonly children?: ComponentChildren;
}

export function Button({
  kind,
  size,
  icon,
  children,
  class: more,
  type = "button",
  ...rest
}: ButtonProps): VNode {
  return (
    <button type={type} class={classes("button", kind, size, more as string)} {...rest}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that shows a picture only; `label` is its name, and shows when one points at it. */
export const IconButton = ({
  label,
  class: more,
  ...rest
}: Omit<ButtonProps, "children" | "label"> & { readonly label: string; readonly icon: IconName }): VNode => (
  <Button class={classes("only-icon", more as string)} aria-label={label} title={label} {...rest} />
);

/** A link that looks like a button. */
export const LinkButton = ({
  kind,
  size,
  icon,
  children,
  ...rest
}: Look & {
  readonly href: string;
  readonly target?: "_blank";
  readonly children: ComponentChildren;
}): VNode => (
  <a class={classes("button", kind, size)} {...rest}>
    {icon === undefined ? null : <Icon name={icon} />}
    {children}
  </a>
);
