import type { VNode } from "preact";
import type { Json } from "./documents.ts";
import { fieldsOf } from "./schema-fields.ts";

/** What may stand in a frame or body, from its schema. */
export function FieldHelp({
  title,
  document,
  schema,
}: {
  readonly title: string;
  readonly document: Json;
  readonly schema: Json;
}): VNode | null {
  const fields = fieldsOf(document, schema);
  if (fields.length === 0) return null;
  return (
    <details class="help">
      <summary class="dim small">{title}</summary>
      <dl>
        {fields.map(({ path, type, required, description }) => (
          <div key={path}>
            <dt>
              <code>{path}</code>{" "}
              <span class="dim small">{required ? type : `${type}, may be left out`}</span>
            </dt>
            {description === "" ? null : <dd class="dim small">{description}</dd>}
          </div>
        ))}
      </dl>
    </details>
  );
}
