import type { Random } from "../random.ts";
import { email, hex, hostName, ipv4, ipv6, url, uuid, word } from "./named-text.ts";

/** The formats that protovalidate knows by name. */
export type TextFormat = keyof typeof formats;

/** Names of rules that are formats. */
export function isTextFormat(name: string): name is TextFormat {
  return Object.hasOwn(formats, name);
}

/** A text of a format. Some are short, for fields with a small maximum. */
export function formattedText(format: TextFormat, random: Random): string {
  return formats[format](random);
}

const formats = {
  email: (random: Random) => (random.chance(80) ? email(random) : `${hex(random, 1)}@b.io`),
  hostname: (random: Random) => (random.chance(80) ? hostName(random) : `${word(random)}.io`),
  ip: ipv4,
  ipv4,
  ipv6: (random: Random) => (random.chance(80) ? ipv6(random) : `::${random.between(1, 9)}`),
  uri: (random: Random) => (random.chance(80) ? url(random) : `a:${random.pick(["b", "c"])}`),
  uri_ref: (random: Random) => (random.chance(80) ? url(random) : `/${word(random)}`),
  address: hostName,
  uuid,
  tuuid: (random: Random) => uuid(random).replaceAll("-", ""),
  ip_with_prefixlen: (random: Random) => `${ipv4(random)}/24`,
  ipv4_with_prefixlen: (random: Random) => `${ipv4(random)}/24`,
  ipv6_with_prefixlen: (random: Random) => `${ipv6(random)}/64`,
  ip_prefix: network,
  ipv4_prefix: network,
  ipv6_prefix: (random: Random) => `2001:db8:${hex(random, 2)}::/48`,
  host_and_port: (random: Random) => `${hostName(random)}:${random.between(1024, 9999)}`,
  ulid: (random: Random) => `01${random.letters("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24)}`,
  protobuf_fqn: (random: Random) => `example.${word(random)}`,
  protobuf_dot_fqn: (random: Random) => `.example.${word(random)}`,
  /** `well_known_regex` of HTTP. */
  header_name: (random: Random) => `x-${word(random)}`,
  header_value: word,
};

function network(random: Random): string {
  return `10.${random.below(256)}.0.0/16`;
}
