import { InputError } from "./input-error.ts";

/** Options of this plugin, in addition to those of every protoplugin plugin. */
export interface Parameters {
  /**
   * Where generated code imports the library from: a package, or a folder relative to the output root
   * (`../shared/runtime`) with the modules `index`, `client/index` and `codec/index`. Default: `grpc-service`.
   */
  readonly runtime: string;
  /**
   * How messages are encoded. `compiled`: by code generated for them, in `*_codec`. `reflect`: by
   * protobuf-es, which interprets their descriptors. Default: `compiled`.
   */
  readonly codec: "compiled" | "reflect";
}

const boolean = { pattern: /^(true|false|0|1)$/, values: "true or false" };

const options: Readonly<Record<string, { pattern: RegExp; values: string }>> = {
  target: {
    pattern: /^(ts|js|dts)(\+(ts|js|dts))*$/,
    values: "ts, js or dts, several joined by +",
  },
  import_extension: { pattern: /^(none|\.?js|\.?ts)?$/, values: "none, js or ts" },
  js_import_style: { pattern: /^(module|legacy_commonjs)$/, values: "module" },
  runtime: {
    pattern: /^(\.{1,2}(\/(?!.*\.[jt]s$)|$)|@?[A-Za-z0-9])[\w@.~/-]*(?<!\/)$/,
    values: "a package, or a folder by its path from the output root, which starts with ./ or ../",
  },
  codec: { pattern: /^(compiled|reflect)$/, values: "compiled or reflect" },
  keep_empty_files: boolean,
  ts_nocheck: boolean,
  elide_plugin_version: boolean,
  rewrite_imports: { pattern: /^[^:=]+:[^=]+$/, values: "<pattern>:<target>, without =" },
};

/** Characters that would end a string in generated code, are invisible there, or are not text. */
const unprintable = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffd"\\]/u;

/**
 * Checks each option, so that an error can list the allowed values.
 *
 * @throws InputError
 */
export function checkParameter(parameter: string): void {
  for (const option of parameter === "" ? [] : parameter.split(",")) {
    const [name = "", ...rest] = option.split("=");
    const known = Object.hasOwn(options, name) ? options[name] : undefined;
    const shown = JSON.stringify(option);
    if (known === undefined) {
      throw new InputError(`unknown option ${shown}: known are ${Object.keys(options).join(", ")}`);
    }
    if (!known.pattern.test(rest.join("=")) || unprintable.test(option)) {
      throw new InputError(`invalid option ${shown}: ${name} takes ${known.values}`);
    }
    if (option === "js_import_style=legacy_commonjs") {
      throw new InputError(
        `${option} is not supported: generated code is ESM, leave the option out`,
      );
    }
  }
}

/** Reads the options of this plugin from a checked parameter, for protoplugin. The last one wins. */
export function parseOptions(raw: readonly { key: string; value: string }[]): Parameters {
  const last = (name: string) => raw.findLast(({ key }) => key === name)?.value;
  return {
    runtime: last("runtime") ?? "grpc-service",
    codec: last("codec") === "reflect" ? "reflect" : "compiled",
  };
}

/** The option `codec` of a checked parameter, before protoplugin has read it. */
export function codecOf(parameter: string): Parameters["codec"] {
  const options = parameter.split(",").map((option) => {
    const [key = "", value = ""] = option.split("=");
    return { key, value };
  });
  return parseOptions(options).codec;
}
