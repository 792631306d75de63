/** Smallest and largest value that is natural for a name, both included. */
export type NamedRange = readonly [low: number, high: number];

/** The range of numbers that fits the name of a field: 18 to 80 for `age`. */
export function namedRange(field: string): NamedRange {
  const words = field.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return ranges.find(([name]) => name.test(words))?.[1] ?? [1, 100];
}

/** The first that matches. Moments are in 2025, in the unit that the name says. */
const ranges: readonly (readonly [name: RegExp, range: NamedRange])[] = [
  [/(?:^|_)age$/, [18, 80]],
  [/(?:^|_)year$/, [2000, 2025]],
  [/(?:^|_)month$/, [1, 12]],
  [/(?:^|_)(?:day|day_of_month)$/, [1, 28]],
  [/(?:^|_)(?:week_?day|day_of_week)$/, [1, 7]],
  [/(?:^|_)hours?$/, [0, 23]],
  [/(?:^|_)(?:minutes?|seconds?)$/, [0, 59]],
  [/(?:_at|_time|timestamp)_?(?:ms|millis|milliseconds)$/, [1_735_689_600_000, 1_767_225_599_999]],
  [/(?:_at|_time|timestamp)_?(?:ns|nanos|nanoseconds)$/, [1.7357e18, 1.7671e18]],
  [/_at$|_time$|timestamp$|_epoch$/, [1_735_689_600, 1_767_225_599]],
  [/_(?:ms|millis|milliseconds)$/, [10, 5000]],
  [/nanos$/, [0, 999_999_999]],
  [/(?:^|_)port$/, [1024, 9999]],
  [/http_?status|status_?code/, [200, 204]],
  [/(?:^|_)lat(?:itude)?$/, [-60, 60]],
  [/(?:^|_)(?:lng|lon|long|longitude)$/, [-180, 180]],
  [/percent|(?:^|_)(?:score|progress)$/, [0, 100]],
  [/(?:^|_)(?:ratio|rate|probability|confidence|fraction|weight)$/, [0, 1]],
  [/(?:^|_)(?:rating|stars|priority|level|version|attempts?|retries)$/, [1, 5]],
  [/(?:^|_)(?:page|page_number|offset|index)$/, [0, 3]],
  [/(?:^|_)(?:page_size|limit|per_page)$/, [10, 50]],
  [/(?:^|_)(?:count|quantity|qty|stock|total|num_.*|.*_count)$/, [1, 20]],
  [/price|amount|cost|fee|salary|balance|subtotal/, [1, 500]],
  [/(?:size|length|bytes)$/, [100, 10_000]],
  [/(?:^|_)id$/, [1, 9999]],
];
