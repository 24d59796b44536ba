import { useApp } from "../app.ts";

/** A filter of the view in use, kept in the address. */
export function useFilter(name: string): readonly [value: string, set: (value: string) => void] {
  const { router } = useApp();
  return [router.place.value.query.get(name) ?? "", (value) => router.filter(name, value)];
}
