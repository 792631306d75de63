/** Words that example texts consist of. */
export const givenNames: readonly string[] = [
  "Amina",
  "Carlos",
  "Chloe",
  "Daniel",
  "Elena",
  "Hana",
  "Ines",
  "Jonas",
  "Lucas",
  "Mei",
  "Minjun",
  "Nora",
  "Omar",
  "Priya",
  "Seoyeon",
  "Thomas",
];

export const familyNames: readonly string[] = [
  "Adeyemi",
  "Becker",
  "Costa",
  "Fischer",
  "Garcia",
  "Haddad",
  "Ivanov",
  "Kim",
  "Larsen",
  "Lee",
  "Novak",
  "Okafor",
  "Patel",
  "Rossi",
  "Silva",
  "Tanaka",
];

export const adjectives: readonly string[] = [
  "amber",
  "bright",
  "calm",
  "clear",
  "early",
  "gentle",
  "green",
  "light",
  "northern",
  "quiet",
  "rapid",
  "silver",
  "small",
  "solid",
  "warm",
  "wide",
];

export const nouns: readonly string[] = [
  "anchor",
  "bridge",
  "canyon",
  "delta",
  "forest",
  "garden",
  "harbor",
  "island",
  "lantern",
  "meadow",
  "orchard",
  "river",
  "signal",
  "summit",
  "valley",
  "window",
];

export const cities: readonly string[] = [
  "Berlin",
  "Boston",
  "Busan",
  "Lagos",
  "Lima",
  "Lisbon",
  "Oslo",
  "Seoul",
];

export const countries: readonly string[] = ["BR", "DE", "KR", "NG", "NO", "PE", "PT", "US"];

export const companies: readonly string[] = ["Acme", "Globex", "Initech", "Umbra", "Vandelay"];
