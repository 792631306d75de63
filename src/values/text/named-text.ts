import type { Random } from "../random.ts";
import {
  adjectives,
  cities,
  companies,
  countries,
  familyNames,
  givenNames,
  nouns,
} from "./words.ts";

/** A field, as far as its text depends on it. */
export interface TextPlace {
  /** Name of the field as in the proto, such as `email_address`. */
  readonly field: string;
  /** Name of the message that has it, such as `User`. */
  readonly message: string;
}

/**
 * A text that fits the name of a field: an e-mail address for `email`. Domains, addresses and telephone
 * numbers are those reserved for examples. Always printable ASCII.
 */
export function namedText(place: TextPlace, random: Random): string {
  const words = place.field.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  const make = texts.find(([name]) => name.test(words))?.[1] ?? phrase;
  return make(random, place);
}

type MakeText = (random: Random, place: TextPlace) => string;

/** The first that matches the words of the name, which are joined by `_`. */
const texts: readonly (readonly [name: RegExp, make: MakeText])[] = [
  // A client that reads all pages must come to an end.
  [/(?:^|_)(?:next|previous|prev)_?(?:page_)?(?:token|cursor)$/, () => ""],
  [/(?:^|_)e?_?mail(?:_address)?$|(?:^|_)email/, email],
  [/uuid|guid|idempotency_key|(?:trace|request|correlation|session)_id$/, uuid],
  [/(?:^|_)(?:first|given)_name$/, (random) => random.pick(givenNames)],
  [/(?:^|_)(?:last|family)_name$|surname/, (random) => random.pick(familyNames)],
  [/(?:full|display|author|owner|customer|contact|sender|recipient)_name$/, person],
  [/user_?name$|nick_?name$|(?:^|_)(?:login|handle)$/, login],
  [/(?:host|domain|server)_?name$|(?:^|_)(?:host|domain|fqdn)$/, hostName],
  [/file_?name$/, (random) => `${word(random)}-${random.between(1, 99)}.txt`],
  [/(?:^|_)(?:path|file|dir|directory|folder)$/, (random) => `${word(random)}/${word(random)}`],
  [/(?:^|_)(?:ur[il]|href|link|website|homepage|webhook)s?$|_ur[il]$/, url],
  [/(?:image|photo|avatar|picture|thumbnail|logo|icon)(?:_ur[il])?$/, url],
  [/(?:^|_)ip(?:v4)?(?:_addr|_address)?$|(?:^|_)(?:remote|peer)_addr/, ipv4],
  [/(?:^|_)ipv6/, ipv6],
  [/phone|mobile|(?:^|_)(?:tel|fax)$/, phone],
  [/country(?:_code)?$|region_code$/, (random) => random.pick(countries)],
  [/(?:^|_)(?:city|town|locality)$/, (random) => random.pick(cities)],
  [/(?:zip|postal)(?:_?code)?$|postcode/, (random) => random.letters("0123456789", 5)],
  [/street|address_line|(?:^|_)address$/, street],
  [
    /(?:company|organi[sz]ation|employer|vendor|brand)(?:_name)?$/,
    (random) => random.pick(companies),
  ],
  [/currency(?:_code)?$/, (random) => random.pick(["EUR", "KRW", "USD"])],
  [/(?:locale|language|lang)(?:_code)?$/, (random) => random.pick(["de-DE", "en-US", "ko-KR"])],
  [/time_?zone$|(?:^|_)tz$/, (random) => random.pick(["Asia/Seoul", "Europe/Berlin", "UTC"])],
  [/(?:^|_)(?:date|birthday|day|dob|birth_date)$|_(?:date|on)$/, date],
  [/_(?:at|time|timestamp)$|(?:^|_)timestamp$/, (random) => `${date(random)}T09:30:00Z`],
  [/(?:content|media|mime)_type$/, (random) => random.pick(["application/json", "text/plain"])],
  [/colou?r$/, (random) => `#${random.letters("0123456789abcdef", 6)}`],
  [/(?:sha\d*|md5|hash|digest|checksum|etag|fingerprint)$/, (random) => hex(random, 40)],
  [/(?:token|secret|password|api_key|signature|nonce)$/, (random) => `example-${hex(random, 16)}`],
  [/version$/, (random) => `1.${random.below(10)}.${random.below(10)}`],
  [
    /(?:sku|isbn|code|serial|reference)$/,
    (random) => `${letters(random)}-${random.between(100, 999)}`,
  ],
  [/(?:^|_)gender$/, (random) => random.pick(["female", "male", "other"])],
  [/(?:title|subject|headline|label|caption|name)$/, title],
  [
    /(?:description|summary|content|text|body|message|comment|note|reason|bio|prompt|detail)s?$/,
    sentence,
  ],
  [/(?:^|_)id$/, identifier],
  [/(?:tag|categor(?:y|ie)|topic|keyword|role|group|hobb(?:y|ie)|interest)s?$/, word],
  [/(?:^|_)(?:amount|price|total|cost|balance)$/, (random) => `${random.between(1, 99)}.90`],
  [/parent$|(?:^|_)resource$|_ref$/, (random) => `${word(random)}s/${random.between(1, 999)}`],
];

/** Messages about people, whose `name` is that of a person. */
const people =
  /user|person|people|customer|employee|author|member|contact|student|teacher|patient|driver|player|profile|owner|hello|greet/i;

export function email(random: Random): string {
  const given = random.pick(givenNames).toLowerCase();
  return `${given}.${random.pick(familyNames).toLowerCase()}@example.com`;
}

export function uuid(random: Random): string {
  const variant = random.pick(["8", "9", "a", "b"]);
  const parts = [hex(random, 8), hex(random, 4), `4${hex(random, 3)}`, variant + hex(random, 3)];
  return [...parts, hex(random, 12)].join("-");
}

export function hostName(random: Random): string {
  return `${word(random)}.example.com`;
}

export function url(random: Random): string {
  return `https://${hostName(random)}/${random.pick(nouns)}`;
}

export function ipv4(random: Random): string {
  return `192.0.2.${random.between(1, 254)}`;
}

export function ipv6(random: Random): string {
  return `2001:db8::${random.between(1, 9999)}`;
}

export function hex(random: Random, digits: number): string {
  return random.letters("0123456789abcdef", digits);
}

/** One lower-case word. */
export function word(random: Random): string {
  return random.pick(nouns);
}

function phrase(random: Random): string {
  return `${random.pick(adjectives)} ${random.pick(nouns)}`;
}

function title(random: Random, { field, message }: TextPlace): string {
  if (/(?:^|_)name$/.test(field) && people.test(message)) return person(random);
  return phrase(random).replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

function sentence(random: Random): string {
  return `The ${phrase(random)} is near the ${phrase(random)}.`;
}

function person(random: Random): string {
  return `${random.pick(givenNames)} ${random.pick(familyNames)}`;
}

function login(random: Random): string {
  return `${random.pick(givenNames).toLowerCase()}${random.between(1, 99)}`;
}

/** `user-4821`, for `user_id` and for `id` of a `User`. */
function identifier(random: Random, { field, message }: TextPlace): string {
  const subject = field.replace(/_?id$/i, "") || message;
  const name = subject.replace(/[^a-zA-Z]+/g, "-").toLowerCase();
  return `${name.replace(/^-|-$/g, "") || "item"}-${random.between(1000, 9999)}`;
}

function phone(random: Random): string {
  return `+1-202-555-01${random.letters("0123456789", 2)}`;
}

function street(random: Random): string {
  const [name = ""] = title(random, { field: "", message: "" }).split(" ");
  return `${random.between(1, 199)} ${name} Street`;
}

function date(random: Random): string {
  const pad = (part: number) => String(part).padStart(2, "0");
  return `2025-${pad(random.between(1, 12))}-${pad(random.between(1, 28))}`;
}

function letters(random: Random): string {
  return random.letters("ABCDEFGHJKLMNPQRSTUVWXYZ", 3);
}
