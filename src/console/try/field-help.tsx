import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../lib/icon.tsx";
import type { Json } from "./documents.ts";
import { fieldsOf } from "./schema-fields.ts";

/** The last row of a form: its buttons, and beside them what opens the fields of its frame or body. */
export function FieldHelp({
  title,
  document,
  schema,
  children,
}: {
  readonly title: string;
  readonly document: Json;
  /** Null where there is nothing to fill in. */
  readonly schema: Json | null;
  /** The buttons. */
  readonly children: ComponentChildren;
}): VNode {
  const id = useId();
  const open = useSignal(false);
  const fields = schema === null ? [] : fieldsOf(document, schema);
  return (
    <>
      <div class="row">
        {fields.length === 0 ? null : (
          <button
            type="button"
            class="discloses"
            aria-expanded={open.value}
            aria-controls={id}
            onClick={() => {
              open.value = !open.value;
            }}
          >
            <Icon name="forth" />
            {title}
          </button>
        )}
        <span class="grow" />
        {children}
      </div>
      <dl class="help" id={id} hidden={!open.value || fields.length === 0}>
        {fields.map(({ path, type, required, description }) => (
          <div key={path}>
            <dt>
              <code>{path}</code> <span class="dim small">{required ? type : `${type}, optional`}</span>
            </dt>
            {description === "" ? null : <dd class="dim small">{description}</dd>}
          </div>
        ))}
      </dl>
    </>
  );
}
