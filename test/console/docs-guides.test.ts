/** What the guides say of frames is so, and their links lead somewhere. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { markdownNodes } from "../../src/app/pages-markdown.ts";
import { type MarkdownNode, textOf } from "../../src/console/docs/markdown-node.ts";
import { DIALECTS } from "../../src/dialects/all.ts";
import { http } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { FILES, GUIDES, ROOT, samplesOf, textOfFile } from "./samples.ts";

const guides = FILES.filter((path) => path.startsWith(GUIDES));
const markdown = new Map(
  await Promise.all(FILES.map(async (path) => [path, await textOfFile(path)] as const)),
);
const nodes = new Map([...markdown].map(([path, text]) => [path, markdownNodes(text)]));

/** Every element below, itself included. */
function* elements(inside: readonly MarkdownNode[]): Generator<Exclude<MarkdownNode, string>> {
  for (const node of inside) {
    if (typeof node === "string") continue;
    yield node;
    const [, , ...children] = node;
    yield* elements(children);
  }
}

const all = (path: string) => [...elements(nodes.get(path) ?? [])];

test("every guide begins with its title, and only with that", () => {
  for (const path of guides) {
    const titles = all(path).filter(([tag]) => tag === "h1");
    expect([path, titles.length, nodes.get(path)?.[0]]).toEqual([path, 1, titles[0]]);
  }
});

test("every guide is in the menu", async () => {
  const listed = await Bun.file(join(ROOT, "src/console/docs/guides.ts")).text();
  for (const path of guides) expect(listed).toContain(`"./guides/${path.split("/").at(-1)}"`);
});

test("no guide has HTML in it", () => {
  for (const path of guides) {
    const texts = all(path).flatMap(([tag, , ...children]) =>
      tag === "code" || tag === "pre" ? [] : children.filter((child) => typeof child === "string"),
    );
    expect([path, texts.filter((text) => /<\/?[a-z!]/i.test(text) && !/<(token|name)>/.test(text))]).toEqual([
      path,
      [],
    ]);
  }
});

describe("links", () => {
  const hrefs = (path: string): readonly string[] =>
    all(path).flatMap(([tag, props]) =>
      tag === "a" ? [String(props["href"])] : tag === "img" ? [String(props["src"])] : [],
    );
  const headings = (path: string): readonly string[] =>
    all(path).flatMap(([tag, props]) => (/^h\d$/.test(tag) ? [String(props["id"])] : []));

  test("between guides lead to a guide, and to a heading of it", () => {
    for (const path of guides) {
      for (const href of hrefs(path)) {
        const [, file, part] = /^([\w-]+)\.md(?:#(.+))?$/.exec(href) ?? [];
        if (file === undefined) {
          expect([
            path,
            href,
            /^(https?:\/\/|\.\.\/pictures\/[\w-]+\.svg$|\/docs#|\/console\/$|\/websocket_test\.html$)/.test(
              href,
            ),
          ]).toEqual([path, href, true]);
          continue;
        }
        const target = `${GUIDES}/${file}.md`;
        expect([path, href, FILES.includes(target)]).toEqual([path, href, true]);
        if (part !== undefined) expect(headings(target)).toContain(part);
      }
    }
  });

  test("of the README lead to files", () => {
    for (const href of hrefs("README.md").filter((link) => !/^https?:/.test(link)))
      expect([href, existsSync(join(ROOT, href))]).toEqual([href, true]);
  });

  test("into the reference lead to a tag that is there", async () => {
    await using server = await startServer();
    const { body } = await http(server).get("/openapi.json");
    const tags = (body as { tags: { name: string }[] }).tags.map(({ name }) => name);
    for (const path of guides) {
      for (const href of hrefs(path).filter((link) => link.startsWith("/docs#"))) {
        const [, page, name = ""] = /^\/docs#\/(http|events)(?:\/(.+))?$/.exec(href) ?? [];
        expect([path, href, page === "events" || tags.includes(name)]).toEqual([path, href, true]);
      }
    }
  });
});

describe("frames", () => {
  for (const dialect of DIALECTS) {
    test(`of the guide of ${dialect.name} are frames of the dialect`, () => {
      const path = `${GUIDES}/dialect-${dialect.name}.md`;
      const schemas = [
        ...Object.values(dialect.frames.server),
        ...Object.values(dialect.frames.client),
        ...dialect.endpoints.flatMap(({ body, response }) => [body, response]),
      ].filter((schema) => schema !== undefined);
      const shown = samplesOf(path, markdown.get(path) ?? "").filter(({ language }) => language === "json");
      expect(shown.length).toBeGreaterThan(0);
      for (const { at, text } of shown)
        expect([at, schemas.some((schema) => schema.safeParse(JSON.parse(text)).success)]).toEqual([
          at,
          true,
        ]);
    });
  }
});

test("a heading's text is what its link is made of", () => {
  const [heading] = markdownNodes("## Go away, and come back\n");
  expect(heading?.[1]).toEqual({ id: "go-away-and-come-back" });
  expect(textOf(heading ?? "")).toBe("Go away, and come back");
});
