/** Reads an event stream (HTML Standard, 9.2.6) piece by piece; tells of the data of each event. */
export function blocksIn(tell: (data: string) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    const blocks = `${rest}${piece.replaceAll("\r\n", "\n")}`.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block
        .split("\n")
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).replace(/^ /, ""));
      // A comment keeps the line alive, and says nothing.
      if (data.length > 0) tell(data.join("\n"));
    }
  };
}
