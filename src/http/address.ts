import { BlockList, isIP, isIPv6 } from "node:net";

/** `::ffff:10.0.0.1` is the IPv4 address that it holds. */
const plain = (address: string): string =>
  address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;

/** IPv6 is counted by /64: one household or host has at least as many addresses. */
function countedAs(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = address.includes("::")
    ? [...left, ...new Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right]
    : left;
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
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
 */
export function createAddressOf(
  trustedProxies: readonly string[],
): (peer: string, forwardedFor: string | null | undefined) => string {
  const trusted = isTrusted(trustedProxies);
  return (peer, forwardedFor) => {
    let address = plain(peer);
    if (trustedProxies.length > 0 && trusted(address)) {
      for (const hop of (forwardedFor ?? "").split(",").toReversed()) {
        const next = plain(hop.trim());
        if (isIP(next) === 0) break;
        address = next;
        if (!trusted(address)) break;
      }
    }
    return countedAs(address);
  };
}
