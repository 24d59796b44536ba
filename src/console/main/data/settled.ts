import { useEffect, useState } from "preact/hooks";

const SETTLED_MS = 200;

/** A text once its writer pauses: so that not every letter is a question to the server. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
