import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/** Seen at a glance, where the expression for all spellings of IPv6 takes its time. */
const hasColon = (address: string): boolean => address.includes(":");

/** `::ffff:10.0.0.1`, in any spelling, is the IPv4 address that it holds; a zone (`%eth0`) is none of ours. */
function plain(address: string): string {
  if (!hasColon(address) || !isIPv6(address)) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff)
    return address.replace(/%.*$/, "");
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const left = numbersOf(head);
  const right = numbersOf(tail ?? "");
  return [...left, ...new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right];
}

const numbersOf = (text: string): readonly number[] =>
  text === ""
    ? []
    : text.split(":").flatMap((group) => {
        if (!isIPv4(group)) return [Number.parseInt(group, 16)];
        const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
        return [a * 256 + b, c * 256 + d];
      });

/** IPv6 is counted by /64: one household or host has at least as many addresses. */
const countedAs = (address: string): string =>
  hasColon(address) && isIPv6(address)
    ? `${groupsOf(address)
        .slice(0, 4)
        .map((group) => group.toString(16))
        .join(":")}::/64`
    : address;

// Some proxies add the client's port: 192.0.2.1:4711, [2001:db8::1]:4711.
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/** One entry of X-Forwarded-For; null where it is no address. */
function hopOf(text: string): string | null {
  const [, bracketed, dotted] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  return isIP(address) === 0 ? null : plain(address);
}

/** Whether an address is one of TRUSTED_PROXIES. */
export function isTrusted(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", prefix] = proxy.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (named) => {
    const address = plain(named);
    return isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}

/**
 * The client's address as it is counted: the peer's, or, behind TRUSTED_PROXIES only, the last
 * address in X-Forwarded-For that is not such a proxy.
 *
 * `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two passes on the other as
 * its client sent it. `untrusted` hears once of a peer that sends the header and is not believed.
 */
export function createAddressOf(
  trustedProxies: readonly string[],
  untrusted: (proxy: string) => void = () => {},
): (peer: string, forwardedFor: string | null | undefined) => string {
  const trusted = isTrusted(trustedProxies);
  let told = false;
  return (peer, forwardedFor) => {
    let address = plain(peer);
    if (forwardedFor === null || forwardedFor === undefined) return countedAs(address);
    if (trustedProxies.length === 0 || !trusted(address)) {
      if (!told) untrusted(address);
      told = true;
    } else {
      for (const hop of forwardedFor.split(",").toReversed()) {
        const next = hopOf(hop.trim());
        if (next === null) break;
        address = next;
        if (!trusted(address)) break;
      }
    }
    return countedAs(address);
  };
}
