/**
 * The import rules of src/. `scripts/imports.ts` runs them and fails when it read nothing;
 * `depcruise src` shows the same by hand.
 */

/** Top to bottom: a file imports from its own folder and from those after it, never from those before. */
const LAYERS = [
  "main",
  "cli",
  "app",
  "http",
  "console",
  "client",
  "contract",
  "hub",
  "features",
  "dialects",
  "auth",
  "access",
  "limits",
  "jobs",
  "store",
  "bus",
  "runtime",
  "core",
];

/** Folders entered by one file. What lies behind the door of an adapter is opened by `inside` alone. */
const DOORS = [
  { folder: "hub", doors: ["hub.ts"] },
  { folder: "features", doors: ["feature.ts", "all.ts"] },
  { folder: "dialects", doors: ["dialect.ts", "all.ts"] },
  { folder: "store", doors: ["store.ts"], inside: "^src/app/(assemble|offline|data-folder)[^/]*\\.ts$" },
  { folder: "bus", doors: ["bus.ts"], inside: "^src/app/(assemble|offline)[^/]*\\.ts$" },
  { folder: "runtime", doors: ["runtime.ts"], inside: "^src/app/" },
];

/** A third party lives in one place, so that it can be changed in one place. */
const HOMES = [
  { packages: ["hono", "@hono"], homes: ["http"], typesIn: ["app"] },
  { packages: ["jose"], homes: ["auth"] },
  { packages: ["drizzle-orm"], homes: ["store"] },
  { packages: ["postgres"], homes: ["store"] },
  { packages: ["ioredis"], homes: ["bus"] },
  { packages: ["bun", "bun:[^/]+"], homes: ["runtime", "store/sqlite", "app", "cli"] },
  { packages: ["smol-toml", "@logtape"], homes: ["app"] },
  { packages: ["commander"], homes: ["cli", "main"] },
  { packages: ["preact", "@preact", "uplot"], homes: ["console"] },
];

const within = (folder) => (folder === "main" ? "^src/main\\.ts$" : `^src/${folder}/`);
const named = (packages) => `(^|node_modules/)(${packages.join("|")})(/|$)`;

const layers = LAYERS.slice(1).map((layer, above) => ({
  name: `${layer}-imports-upwards`,
  comment: `Layers point down: ${layer} sits under ${LAYERS.slice(0, above + 1).join(", ")}.`,
  severity: "error",
  from: { path: within(layer) },
  to: { path: LAYERS.slice(0, above + 1).map(within) },
}));

const doors = DOORS.map(({ folder, doors: files, inside }) => ({
  name: `${folder}-by-its-door`,
  comment: `From outside, ${folder}/ is entered by ${files.join(" or ")}.`,
  severity: "error",
  from: { path: "^src/", pathNot: [within(folder), ...(inside ? [inside] : [])] },
  to: { path: within(folder), pathNot: files.map((file) => `^src/${folder}/${file.replace(".", "\\.")}$`) },
}));

const homes = HOMES.flatMap(({ packages, homes: folders, typesIn = [] }) => {
  const name = `${packages[0]}-at-home`;
  const comment = `${packages.join(", ").replace("[^/]+", "*")} is used in ${folders.join(", ")} only.`;
  const to = { path: named(packages) };
  const everywhereElse = { path: "^src/", pathNot: [...folders, ...typesIn].map(within) };
  const typesOnly = {
    name: `${name}-types`,
    comment: `${typesIn.join(", ")} may name the types of ${packages[0]}, not run it.`,
    severity: "error",
    from: { path: typesIn.map(within) },
    to: { ...to, dependencyTypesNot: ["type-only"] },
  };
  return [
    { name, comment, severity: "error", from: everywhereElse, to },
    ...(typesIn.length > 0 ? [typesOnly] : []),
  ];
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "unknown-folder",
      comment: "Every file of src/ belongs to one of the layers listed in .dependency-cruiser.mjs.",
      severity: "error",
      from: { path: "^src/", pathNot: LAYERS.map(within) },
      to: {},
    },
    {
      name: "unresolvable",
      comment: "What cannot be found cannot be checked.",
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true },
    },
    {
      name: "circular",
      comment: "No file imports itself by a detour, not even for a type.",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true },
    },
    ...layers,
    ...doors,
    ...homes,
    {
      name: "core-is-pure",
      comment: "core/ imports core/ and zod, nothing else.",
      severity: "error",
      from: { path: "^src/core/" },
      to: { pathNot: ["^src/core/", named(["zod"])] },
    },
    {
      name: "client-stands-alone",
      comment: "The client is published by itself, for browsers too: no server, no builtins.",
      severity: "error",
      from: { path: "^src/client/" },
      to: { path: "^src/", pathNot: "^src/client/" },
    },
    {
      name: "client-without-builtins",
      comment: "The client is published by itself, for browsers too: no server, no builtins.",
      severity: "error",
      from: { path: "^src/client/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "console-is-a-page",
      comment: "The console runs in a browser: it may import client/ and core/.",
      severity: "error",
      from: { path: "^src/console/" },
      to: { path: "^src/", pathNot: "^src/(console|client|core)/" },
    },
    {
      name: "features-know-doors-only",
      comment: "A feature may import core/, store/store.ts and access/access.ts.",
      severity: "error",
      from: { path: "^src/features/" },
      to: {
        path: "^src/",
        pathNot: ["^src/(features|core)/", "^src/store/store\\.ts$", "^src/access/access\\.ts$"],
      },
    },
    {
      name: "features-are-siblings",
      comment: "Features never import each other, only feature.ts and what lies in lib/.",
      severity: "error",
      from: { path: "^src/features/((?!all\\.ts$)[^/]+)" },
      to: { path: "^src/features/", pathNot: "^src/features/(feature\\.ts$|lib/|$1(/|$))" },
    },
    {
      name: "dialects-are-siblings",
      comment: "Dialects never import each other, only dialect.ts.",
      severity: "error",
      from: { path: "^src/dialects/((?!all\\.ts$)[^/]+)" },
      to: { path: "^src/dialects/", pathNot: "^src/dialects/(dialect\\.ts$|$1(/|$))" },
    },
    {
      name: "all-is-the-default-list",
      comment:
        "features/all.ts and dialects/all.ts are only the default: app/ hands them to those that work with a list.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/app/" },
      to: { path: "^src/(features|dialects)/all\\.ts$" },
    },
    {
      name: "adapters-are-siblings",
      comment: "One adapter never imports another, only the door they share and its helpers.",
      severity: "error",
      from: { path: "^src/(store|bus|runtime)/(sqlite|postgres|local|redis|bun|deno)(/|\\.ts$)" },
      to: {
        path: "^src/$1/(sqlite|postgres|local|redis|bun|deno)(/|\\.ts$)",
        pathNot: "^src/$1/$2(/|\\.ts$)",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Imports of types count: they tie folders together as much as values do.
    tsPreCompilationDeps: true,
    builtInModules: { add: ["bun", "bun:ffi", "bun:jsc", "bun:sqlite", "bun:test"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      mainFields: ["module", "main", "types"],
    },
  },
};
