import type { Command } from "commander";
import { bashScript } from "./completion/bash.ts";
import { fishScript } from "./completion/fish.ts";
import { type Place, placesOf } from "./completion/places.ts";
import { zshScript } from "./completion/zsh.ts";
import { examples } from "./lib/command.ts";
import { say } from "./lib/terminal.ts";

const SHELLS: Readonly<Record<string, (places: readonly Place[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function define(command: Command): void {
  const shell = command.createArgument("<shell>", "which shell").choices(Object.keys(SHELLS));
  command.addArgument(shell).action((name: string) => {
    const root = command.parent;
    const script = SHELLS[name];
    if (root !== null && script !== undefined) say(script(placesOf(root)));
  });
  command.addHelpText(
    "after",
    "\nFor every new shell, put it where the shell looks:\n" +
      "  bash   dragoman completion bash > ~/.local/share/bash-completion/completions/dragoman\n" +
      '  zsh    dragoman completion zsh > "${fpath[1]}/_dragoman"\n' +
      "  fish   dragoman completion fish > ~/.config/fish/completions/dragoman.fish",
  );
  examples(command, [["source <(dragoman completion bash)", "in this shell alone"]]);
}
