/** Cursors that are more than a number: opaque to clients, and fit for an address as they are. */
export function packCursor(parts: readonly (string | number)[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The parts of such a cursor; null where the text is none. */
export function unpackCursor(text: string): readonly (string | number)[] | null {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const parts: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isPart = (part: unknown): boolean => typeof part === "string" || typeof part === "number";
    return Array.isArray(parts) && parts.every(isPart) ? (parts as (string | number)[]) : null;
  } catch {
    return null;
  }
}
