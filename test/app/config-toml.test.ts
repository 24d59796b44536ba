import { describe, expect, test } from "bun:test";
import { formatProblem } from "../../src/app/config-problem.ts";
import { readToml } from "../../src/app/config-toml.ts";

const problemsOf = (text: string) => readToml("dragoman.toml", text).problems;

describe("the TOML file", () => {
  test("gives each value with its line", () => {
    expect([...readToml("x", 'port = 80\ntrusted_proxies = ["::1"]').entries]).toEqual([
      ["PORT", { raw: "80", line: 1 }],
      ["TRUSTED_PROXIES", { raw: ["::1"], line: 2 }],
    ]);
    expect(readToml("x", "").entries.size).toBe(0);
  });

  test("an unknown key is told with its line and what was probably meant", () => {
    const [problem] = problemsOf('host = "::1"\n[server]\nprot = 1\n');
    expect(problem && formatProblem(problem, false)).toBe(
      'error  dragoman.toml:3  unknown key "server.prot"\nfix    did you mean "port"? keys have no tables or dots; all keys: dragoman config',
    );
    expect(problemsOf("MAX-CONECTIONS = 1")[0]?.fix).toStartWith('did you mean "max_connections"?');
    expect(problemsOf("weather = 1")[0]?.fix).toStartWith("remove it;");
    expect(problemsOf("[port]\n")[0]?.what).toBe("port: the value has the wrong type");
    expect(problemsOf("__proto__ = 1")[0]?.what).toBe('unknown key "__proto__"');
  });

  test("lines are right after comments, values of several lines, CRLF and tables", () => {
    const lines = [
      "port = 1",
      "# [x]",
      "",
      "cors_origins = [",
      '  "https://a.example", # ]',
      "]",
      "odd_one = -1",
      'jwt_issuer = """',
      "[not]",
      'a = 1"""',
      "[[odd]]",
      "a = 1",
      "[odd.more]",
      "x = 1",
      "[server]",
      "",
      "port = 9",
    ];
    for (const end of ["\n", "\r\n"]) {
      const { entries, problems } = readToml("x", lines.join(end));
      expect([...entries].map(([name, { line }]) => `${name}:${line}`)).toEqual([
        "PORT:1",
        "CORS_ORIGINS:4",
        "JWT_ISSUER:8",
      ]);
      expect(problems.map(({ where }) => where)).toEqual(["x:7", "x:11", "x:17"]);
    }
  });

  test("a syntax error is told with its place and without the text around it", () => {
    const [problem] = problemsOf('port = 1\njwt_secret = "hush hush\n');
    expect(problem?.where).toStartWith("dragoman.toml:2:");
    expect(problem?.what).toStartWith("not valid TOML: ");
    expect(JSON.stringify(problem)).not.toContain("hush");
  });
});
