import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface Labelled {
  readonly label: string;
  /** What to know before writing. */
  readonly hint?: ComponentChildren;
  /** What is wrong with what was written, and how to mend it. */
  readonly error?: string | undefined;
}

/** What a control takes over to belong to its label, its hint and its error. */
interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

function Field({
  label,
  hint,
  error,
  children,
}: Labelled & { readonly children: (wiring: Wiring) => VNode }): VNode {
  const id = useId();
  const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": described.join(" ").trim() || undefined,
        "aria-invalid": error === undefined ? undefined : "true",
      })}
      {error === undefined ? null : (
        <p class="hint bad" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Given<P> = Labelled & { readonly value: string; readonly onValue: (value: string) => void } & P;

interface TextLook {
  readonly type?: "text" | "password" | "number";
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly disabled?: boolean;
}

export const TextField = ({
  label,
  hint,
  error,
  value,
  onValue,
  type = "text",
  ...rest
}: Given<TextLook>): VNode => (
  <Field label={label} hint={hint} error={error}>
    {(wiring) => (
      <input
        // The element's type knows one kind at a time.
        {...({ type } as { type: "text" })}
        class="input"
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onValue(event.currentTarget.value)}
        {...wiring}
        {...rest}
      />
    )}
  </Field>
);

export const TextArea = ({
  label,
  hint,
  error,
  value,
  onValue,
  ...rest
}: Given<Omit<TextLook, "type">>): VNode => (
  <Field label={label} hint={hint} error={error}>
    {(wiring) => (
      <textarea
        class="input"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        {...wiring}
        {...rest}
      />
    )}
  </Field>
);

export type Option = readonly [value: string, label: string];

export const SelectField = ({
  label,
  hint,
  error,
  value,
  onValue,
  options,
}: Given<{ readonly options: readonly Option[] }>): VNode => (
  <Field label={label} hint={hint} error={error}>
    {(wiring) => <Options value={value} onValue={onValue} options={options} {...wiring} />}
  </Field>
);

/** A select in a bar of tools, where its first option says what it is about. */
export const Select = ({
  label,
  ...rest
}: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly Option[];
}): VNode => <Options aria-label={label} {...rest} />;

const Options = ({
  value,
  onValue,
  options,
  ...rest
}: {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly Option[];
} & Partial<Wiring> & { readonly "aria-label"?: string }): VNode => (
  <select class="input" value={value} onChange={(event) => onValue(event.currentTarget.value)} {...rest}>
    {options.map(([option, text]) => (
      <option key={option} value={option}>
        {text}
      </option>
    ))}
  </select>
);

export const Check = ({
  label,
  checked,
  onValue,
}: {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onValue: (checked: boolean) => void;
}): VNode => (
  <label class="check">
    <input type="checkbox" checked={checked} onChange={(event) => onValue(event.currentTarget.checked)} />
    <span>{label}</span>
  </label>
);

/** The field that `/` leads to; the page's keyboard looks for `data-search`. */
export const Search = ({
  label,
  value,
  onValue,
}: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}): VNode => (
  <div class="search">
    <Icon name="search" />
    <input
      class="input"
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      autocomplete="off"
      spellcheck={false}
      data-search
      onInput={(event) => onValue(event.currentTarget.value)}
    />
    <kbd aria-hidden="true">/</kbd>
  </div>
);

/** One of a few, all of them seen. */
export function Segments({
  label,
  value,
  onValue,
  options,
}: {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: readonly Option[];
}): VNode {
  const name = useId();
  return (
    <fieldset class="segments" aria-label={label}>
      {options.map(([option, text]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onValue(option)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
