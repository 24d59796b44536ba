/**
 * TypeScript listings, checked by the compiler as if they were files of this project. Only the
 * listings are: what they import is read for its types, which takes a tenth of the time.
 */
import { dirname, join } from "node:path";
import ts from "typescript";
import { ROOT } from "./samples.ts";

export interface Listing {
  readonly name: string;
  readonly text: string;
}

/** What a reader of the listings imports. */
const PACKAGES = {
  dragoman: [join(ROOT, "src/app/dragoman.ts")],
  "dragoman/client": [join(ROOT, "src/client/client.ts")],
};

/** What the compiler has against them, one line a fault. */
export function faultsOf(listings: readonly Listing[]): readonly string[] {
  const options = { ...projectOptions(), paths: PACKAGES, typeRoots: [join(ROOT, "node_modules")] };
  const files = new Map(listings.map(({ text }, at) => [join(ROOT, `listing-${at}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const reader: ts.CompilerHost = {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    getSourceFile(path, ...more) {
      const text = files.get(path);
      // Listings are modules, whether they import anything or not.
      if (text !== undefined)
        return ts.createSourceFile(path, `${text}\nexport {};\n`, ts.ScriptTarget.ESNext);
      return host.getSourceFile(path, ...more);
    },
  };
  const program = ts.createProgram([...files.keys()], options, reader);
  const general = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()].map(told);
  const own = [...files.keys()].flatMap((path, at) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((fault) => `${listings[at]?.name}: ${told(fault)}`);
  });
  return [...general, ...own];
}

function projectOptions(): ts.CompilerOptions {
  const path = join(ROOT, "tsconfig.json");
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name));
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, dirname(path)).options;
}

function told({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file === undefined ? "" : `line ${file.getLineAndCharacterOfPosition(start).line + 1}: `;
  return line + ts.flattenDiagnosticMessageText(messageText, " ");
}
