import { isIP } from "node:net";
import { suggest } from "../core/suggest.ts";
import { escapeControl, redact } from "./log-safe.ts";
import { type SettingName, type SettingValue, settingSpec } from "./settings.ts";
import type { EnumSpec, ListSpec, NumberSpec, SecretSpec, ServerCommand } from "./settings-spec.ts";

/** What is wrong with a value, and what to write instead. */
export interface Flaw {
  readonly what: string;
  readonly fix: string;
}

export type ParsedValue = { readonly value: SettingValue; readonly warning?: Flaw } | { readonly flaw: Flaw };

/**
 * Reads one setting's value from text, or from a list of texts (a TOML array). Secrets never
 * appear in what is said about them.
 */
export function parseSetting(
  name: SettingName,
  raw: string | readonly string[],
  command: ServerCommand,
): ParsedValue {
  const spec = settingSpec(name);
  if (spec.kind === "list") return parseList(spec, typeof raw === "string" ? raw.split(",") : raw, command);
  if (typeof raw !== "string") return flaw("a list is given where one value is needed", "write one value");
  switch (spec.kind) {
    case "int":
    case "bytes":
    case "seconds":
    case "port":
      return parseNumber(spec, raw.trim());
    case "enum":
      return parseEnum(spec, raw.trim());
    case "secret":
      return parseSecret(spec, raw, command);
    case "pem":
      return parsePem(raw);
    case "url":
      return parseUrl(raw.trim());
    case "host":
      return parseHost(raw.trim());
    case "path":
    case "string":
      return raw.includes("\0") ? flaw("the value holds a NUL character", "remove it") : { value: raw };
  }
}

const flaw = (what: string, fix: string): { flaw: Flaw } => ({ flaw: { what, fix } });

/** A value as it may be shown: one line, not too long, nothing that gives access. */
export const quote = (text: string): string => {
  const safe = escapeControl(redact(text));
  return `"${safe.length > 80 ? `${safe.slice(0, 79)}…` : safe}"`;
};

const UNITS = new Map([
  ["bytes kib", 1 << 10],
  ["bytes mib", 1 << 20],
  ["bytes gib", 1 << 30],
  ["seconds s", 1],
  ["seconds m", 60],
  ["seconds h", 3600],
  ["seconds d", 86_400],
]);
const EXAMPLES: Readonly<Record<string, string>> = {
  bytes: ", for example 65536 or 64KiB",
  seconds: ", for example 30 or 5m",
};

function parseNumber(spec: NumberSpec, text: string): ParsedValue {
  const zero =
    spec.zero === undefined || spec.min === 0
      ? ""
      : spec.zero === "off"
        ? ", or 0 for off"
        : ", or 0 for the largest";
  const fix = `write a whole number from ${spec.min} to ${spec.max} (${spec.unit})${zero}${EXAMPLES[spec.kind] ?? ""}`;
  const [, digits, unit] = /^(\d+)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = unit === "" ? 1 : UNITS.get(`${spec.kind} ${unit?.toLowerCase()}`);
  if (digits === undefined || factor === undefined) {
    return flaw(`${quote(text)} is not ${spec.kind === "port" ? "a port" : `a number of ${spec.unit}`}`, fix);
  }
  const value = Number(digits) * factor;
  if (value === 0 && spec.zero !== undefined) return { value: spec.zero === "max" ? spec.max : 0 };
  if (value < spec.min) return flaw(`${quote(text)} is too small`, fix);
  if (value > spec.max) return flaw(`${quote(text)} is too large`, fix);
  return { value };
}

function parseEnum(spec: EnumSpec, text: string): ParsedValue {
  const value = text.toLowerCase();
  if (spec.values.includes(value)) return { value };
  const near = suggest(text, spec.values);
  return flaw(
    `${quote(text)} is none of its values`,
    `${near === undefined ? "" : `did you mean ${quote(near)}? `}write one of: ${spec.values.join(", ")}`,
  );
}

const SECRET_FIX = "make one: openssl rand -hex 32";

function parseSecret(spec: SecretSpec, text: string, command: ServerCommand): ParsedValue {
  if (text.includes("-----BEGIN"))
    return flaw("this is a PEM key, not a shared secret", "put a public key into JWT_PUBLIC_KEY");
  return judgeLength(text, [text], spec.minBytes ?? 0, spec.goodBytes ?? 0, command);
}

function judgeLength(
  value: SettingValue,
  secrets: readonly string[],
  min: number,
  good: number,
  command: ServerCommand,
): ParsedValue {
  const shortest = Math.min(...secrets.map((secret) => Buffer.byteLength(secret)));
  const what = `it has ${shortest} bytes, which can be guessed`;
  if (shortest < min && command === "serve") return flaw(`${what}: at least ${min} are needed`, SECRET_FIX);
  return shortest < Math.max(min, good)
    ? { value, warning: { what: `${what}: ${Math.max(min, good)} are safe`, fix: SECRET_FIX } }
    : { value };
}

function parsePem(text: string): ParsedValue {
  // Environment files often spell the line ends as \n.
  const value = text.includes("\n") ? text : text.replaceAll("\\n", "\n");
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value))
    return flaw(
      "this is a private key, which the server must not have",
      "give the public key: openssl pkey -in key.pem -pubout",
    );
  if (!/^\s*-----BEGIN [A-Z ]+-----\s/.test(value))
    return flaw(
      "this is not a public key in PEM form",
      'begin with "-----BEGIN PUBLIC KEY-----"; a file\'s path goes into JWT_PUBLIC_KEY_FILE',
    );
  return { value };
}

function parseUrl(text: string): ParsedValue {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text))
    return flaw(
      // Without its scheme a password in it is not known as one.
      `${text.includes("@") ? "this" : quote(text)} is not a web address`,
      "write it in full, for example https://auth.example.com/keys",
    );
  return { value: text };
}

const HOST_NAME = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i;

function parseHost(text: string): ParsedValue {
  const bare = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text;
  if (isIP(bare) > 0 || HOST_NAME.test(bare)) return { value: bare };
  return flaw(
    `${quote(text)} is not an address to listen on`,
    "write an IP address or a host name, without scheme or port (see PORT), for example 0.0.0.0",
  );
}

function parseList(spec: ListSpec, raw: readonly string[], command: ServerCommand): ParsedValue {
  const values: string[] = [];
  for (const entry of raw.map((text) => text.trim()).filter((text) => text !== "")) {
    const parsed =
      spec.item === "key"
        ? { value: entry }
        : spec.item === "origin"
          ? parseOrigin(entry)
          : parseNetwork(entry);
    if ("flaw" in parsed) return parsed;
    if (!values.includes(parsed.value)) values.push(parsed.value);
  }
  return spec.item === "key" && values.length > 0
    ? judgeLength(values, values, spec.minBytes ?? 0, 0, command)
    : { value: values };
}

type ParsedText = { readonly value: string } | { readonly flaw: Flaw };

/** Browsers send an origin in lowercase and without the scheme's own port: so is it kept. */
function parseOrigin(text: string): ParsedText {
  if (text === "*")
    return flaw(
      '"*" would let every page call with its visitors\' tokens',
      "name each origin, for example https://app.example.com",
    );
  const [, scheme, host, rest] =
    /^([a-z][a-z0-9+.-]*):\/\/((?:\[[0-9a-f:.]+\]|[^\s/?#@:[\]]+)(?::\d{1,5})?)(.*)$/i.exec(text) ?? [];
  const url = URL.parse(`${scheme}://${host}`);
  if (scheme === undefined || host === undefined || url === null) {
    return flaw(
      `${quote(text)} is not an origin`,
      "write scheme://host or scheme://host:port, for example https://app.example.com",
    );
  }
  const origin = url.origin === "null" ? `${scheme}://${host}`.toLowerCase() : url.origin;
  return rest === ""
    ? { value: origin }
    : flaw(`${quote(text)} has a path, which no origin has`, `write ${origin}`);
}

function parseNetwork(text: string): ParsedText {
  const [address = "", prefix, ...more] = text.split("/");
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  const good =
    bits > 0 &&
    more.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits));
  return good
    ? { value: text.toLowerCase() }
    : flaw(`${quote(text)} is not an IP address or CIDR range`, "write for example 10.0.0.1 or 10.0.0.0/8");
}
