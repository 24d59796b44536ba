/** The number of its first event; with a dash and more where somebody has chosen that very id. */
export function freeId(eventId: number, isTaken: (id: string) => boolean): string {
  let id = String(eventId);
  for (let more = 2; isTaken(id); more++) id = `${eventId}-${more}`;
  return id;
}
