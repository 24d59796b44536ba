/** The parts that /readyz looks at: what it means where one is not ready, and what to do. */
export const PARTS = {
  store: {
    detail: "The database cannot be read.",
    fix: "Check the disk and the data folder; restore a backup if the file is damaged.",
  },
  writes: {
    detail: "The last write could not be stored: whoever writes is answered 507.",
    fix: "Free disk space, or make the data folder writable. It is tried again each second, and goes on by itself.",
  },
  migrations: {
    detail: "The database has another schema than this version knows.",
    fix: "Another version was started on the same data: stop one of them, then restart the right one.",
  },
  bus: {
    detail: "The other servers of this deployment cannot be reached.",
    fix: "Check REDIS_URL and the network; nothing is lost meanwhile, but others hear of it late.",
  },
  accepting: {
    detail: "The server is starting or going down, and takes no connections.",
    fix: "Wait until it has started; clients that are told 1012 come back by themselves.",
  },
} as const satisfies Readonly<Record<string, { readonly detail: string; readonly fix: string }>>;

export type Part = keyof typeof PARTS;

/** Which parts are ready. */
export type Readiness = Readonly<Record<Part, boolean>>;

/** What is wrong, for people. */
export const problemsOf = (
  parts: Readiness,
): readonly { readonly part: Part; readonly detail: string; readonly fix: string }[] =>
  (Object.keys(PARTS) as Part[]).flatMap((part) => (parts[part] ? [] : [{ part, ...PARTS[part] }]));
