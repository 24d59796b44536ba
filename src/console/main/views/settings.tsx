import type { VNode } from "preact";
import { CodeBlock } from "../../lib/code.tsx";
import { Failed } from "../../lib/empty.tsx";
import { Search, Segments } from "../../lib/field.tsx";
import { type Column, Table } from "../../lib/table.tsx";
import { useApp } from "../app.ts";
import { useCommands } from "../data/commands.ts";
import { useFilter } from "../data/filter.ts";
import { useResource } from "../data/resource.ts";
import type { Setting, SettingGroup } from "../data/types.ts";
import { Page } from "../parts/page.tsx";

type Value = Setting["value"];

const shown = (value: Value): string =>
  value === null || value === "" || (Array.isArray(value) && value.length === 0)
    ? "–"
    : typeof value === "object"
      ? value.join(", ")
      : String(value);

const isSet = ({ source }: Setting): boolean => source !== "default";

const Source = ({ setting }: { readonly setting: Setting }): VNode => (
  <span class={isSet(setting) ? "pill accent" : "pill"}>{setting.source}</span>
);

const COLUMNS: readonly Column<Setting>[] = [
  {
    name: "name",
    label: "Setting",
    cell: ({ name, help }) => (
      <div class="setting">
        <code>{name}</code>
        <p class="dim small">{help}</p>
      </div>
    ),
  },
  {
    name: "value",
    label: "Value",
    cell: (setting) => (
      <>
        {setting.secret ? (
          <span class={setting.set ? "" : "dim"}>{setting.set ? "set, not shown" : "not set"}</span>
        ) : (
          <code class="break">{shown(setting.value)}</code>
        )}
        <span class="narrow-only">
          <Source setting={setting} />
        </span>
      </>
    ),
  },
  {
    name: "source",
    label: "From",
    from: "middle",
    cell: (setting) => <Source setting={setting} />,
  },
  {
    name: "default",
    label: "Default",
    from: "middle",
    cell: (setting) => <code class="dim break">{setting.secret ? "–" : shown(setting.default)}</code>,
  },
];

export function Settings(): VNode {
  const { api } = useApp();
  const commands = useCommands();
  const [text, setText] = useFilter("q");
  const [which, setWhich] = useFilter("which");
  const { data, error, reload } = useResource("settings", (signal) => api.settings(signal));
  const groups = (data?.groups ?? []).flatMap((group) => fitting(group, text.trim().toLowerCase(), which));
  const all = data?.groups.flatMap(({ settings }) => settings) ?? [];
  return (
    <Page
      title="Settings"
      about={data === null ? "" : `${all.filter(isSet).length} of ${all.length} set here`}
      tools={
        <>
          <Search label="Search settings" value={text} onValue={setText} />
          <Segments
            label="Which settings"
            value={which}
            onValue={setWhich}
            options={[
              ["", "All"],
              ["set", "Set here"],
            ]}
          />
        </>
      }
      padded
    >
      {error === null ? null : <Failed what={error.message} onAgain={reload} />}
      <p class="dim">
        A flag wins over the environment, that over a file (NAME_FILE), that over dragoman.toml. Settings are
        read when the server starts; check them without starting it:
      </p>
      <CodeBlock text={commands?.store("check-config") ?? "dragoman check-config"} label="Copy the command" />
      {data !== null && groups.length === 0 ? <p class="dim">Nothing fits the filter.</p> : null}
      {groups.map(({ title, settings }) => (
        <section key={title} class="card settings">
          <header>
            <h2>{title}</h2>
          </header>
          <Table label={title} columns={COLUMNS} rows={settings} keyOf={({ name }) => name} />
        </section>
      ))}
    </Page>
  );
}

function fitting({ title, settings }: SettingGroup, wanted: string, which: string): readonly SettingGroup[] {
  const left = settings.filter(
    (setting) =>
      (which === "" || isSet(setting)) &&
      `${title} ${setting.name} ${setting.help} ${shown(setting.value)} ${setting.source}`
        .toLowerCase()
        .includes(wanted),
  );
  return left.length === 0 ? [] : [{ title, settings: left }];
}
