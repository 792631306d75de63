import { join } from "node:path";
import {
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceRegistration,
  serviceDescriptor,
  type UntypedHandler,
} from "grpc-service";
import type { ClientChannel } from "grpc-service/client";
import { counted } from "../../terminal/counted.ts";
import { UsageError } from "../../terminal/errors.ts";
import { Random } from "../../values/random.ts";
import { mockHandler } from "./handlers.ts";
import type { MockServer } from "./mock-server.ts";
import type { Protos } from "./protos.ts";
import { proxyHandler } from "./record/proxy-handler.ts";
import type { StubJson } from "./record/recorded-call.ts";
import { type Behaviour, stubResponder } from "./responder.ts";
import { type MockSchema, openSchema } from "./schema.ts";
import { nameOf } from "./stubs/parse-stub-file.ts";
import type { MethodStubs } from "./stubs/stub.ts";
import { readStubFolder, stubFilesIn } from "./stubs/stub-folder.ts";
import { watchFiles } from "./watch.ts";

/** What a mock is made of. */
export interface MockOptions {
  readonly protos: Protos;
  /** Absolute path of the folder with stubs, and its name in messages. */
  readonly stubFolder: string;
  readonly shownFolder: string;
  readonly seed: string;
  readonly behaviour: Behaviour;
  /** Set to pass calls on to a server and record them, instead of answering them. */
  readonly recorder?: Recorder;
}

/** Passes calls on. */
export interface Recorder {
  readonly channel: ClientChannel;
  /** @param method `package.Service/Method` */
  onRecorded(method: string, stub: StubJson): void;
}

/** The services of a mock server: protos and stubs, read again when they change. */
export class Mock {
  readonly #options: MockOptions;
  readonly #server: MockServer;
  readonly #note: (line: string) => void;
  #schema: MockSchema;
  #stubs: ReadonlyMap<string, MethodStubs>;
  /** Those that were printed, and still exist. */
  #problems: readonly string[] = [];
  #reloading: Promise<void> = Promise.resolve();

  private constructor(
    options: MockOptions,
    server: MockServer,
    note: (line: string) => void,
    state: { readonly schema: MockSchema; readonly stubs: ReadonlyMap<string, MethodStubs> },
  ) {
    this.#options = options;
    this.#server = server;
    this.#note = note;
    this.#schema = state.schema;
    this.#stubs = state.stubs;
    this.#serve();
  }

  /**
   * Reads protos and stubs, and serves them.
   *
   * @param note prints a line about a change
   * @throws UsageError with a line per mistake in the stubs, or the first mistake in the protos
   */
  static async open(
    options: MockOptions,
    server: MockServer,
    note: (line: string) => void,
  ): Promise<Mock> {
    const { protos, stubFolder, shownFolder, seed } = options;
    const schema = await openSchema(await protos.compile(), seed);
    const { files, problems } = await readStubFolder(stubFolder, shownFolder, schema);
    const [first, ...others] = problems;
    if (first !== undefined) throw new UsageError(first, others);
    return new Mock(options, server, note, { schema, stubs: files });
  }

  /** What is served, in a line. */
  get summary(): string {
    const services = this.#schema.services.map((service) => service[serviceDescriptor].typeName);
    const stubs = [...this.#stubs.values()].flatMap((file) => file.stubs).length;
    const shown = services.slice(0, 5).join(", ");
    const more = services.length > 5 ? ` and ${services.length - 5} more` : "";
    return `${shown}${more}; ${counted(stubs, "stub")}`;
  }

  /** Follows changes until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const { protos, stubFolder, recorder } = this.#options;
    const stubPaths = async () => {
      // A recorder writes them itself.
      if (recorder !== undefined) return [];
      return (await stubFilesIn(stubFolder)).map((path) => join(stubFolder, path));
    };
    await Promise.all([
      watchFiles(
        () => protos.paths(),
        () => this.#changed(() => this.#reloadProtos()),
        signal,
      ),
      watchFiles(stubPaths, () => this.#changed(() => this.#reloadStubs()), signal),
    ]);
  }

  /** What cannot be used changes nothing, and is one line. Mistakes that were there before are not repeated. */
  #changed(reload: () => Promise<readonly string[]>): Promise<void> {
    // One at a time: stubs have messages of the schema that they were read with.
    this.#reloading = this.#reloading.then(() => this.#reload(reload));
    return this.#reloading;
  }

  async #reload(reload: () => Promise<readonly string[]>): Promise<void> {
    try {
      const problems = await reload();
      this.#serve();
      const added = problems.filter((problem) => !this.#problems.includes(problem));
      this.#problems = problems;
      for (const problem of added) this.#note(problem);
      if (added.length === 0) this.#note(`reloaded: ${this.summary}`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#note(`${error.message}; what was served before stays`);
    }
  }

  async #reloadProtos(): Promise<string[]> {
    const schema = await openSchema(await this.#options.protos.compile(), this.#options.seed);
    const { files, problems } = await this.#read(schema);
    this.#schema = schema;
    this.#stubs = files;
    // The messages of old stubs are of the old types.
    return problems.map((problem) => `${problem}; its stubs are left out`);
  }

  async #reloadStubs(): Promise<string[]> {
    const { files, problems, broken } = await this.#read(this.#schema);
    const kept = [...this.#stubs].filter(([path]) => broken.has(path));
    this.#stubs = new Map([...files, ...kept]);
    return problems.map((problem) => `${problem}; the stubs before stay`);
  }

  #read(schema: MockSchema) {
    return readStubFolder(this.#options.stubFolder, this.#options.shownFolder, schema);
  }

  #serve(): void {
    this.#server.serve(this.#schema.services.map((service) => this.#register(service)));
  }

  #register(definition: ServiceDefinition): ServiceRegistration {
    const handlers = Object.entries(definition).map(
      ([localName, method]) => [localName, this.#handler(method)] as const,
    );
    return { definition, handlers: new Map(handlers) };
  }

  #handler(method: MethodDefinition): UntypedHandler {
    const { seed, behaviour, recorder } = this.#options;
    const name = nameOf(method.descriptor);
    if (recorder !== undefined) {
      return proxyHandler(method, {
        channel: recorder.channel,
        registry: this.#schema.registry,
        onRecorded: (stub) => recorder.onRecorded(name, stub),
        onUnrecordable: (reason) => this.#note(`${name} is not recorded: ${reason}`),
      });
    }
    const files = [...this.#stubs.values()].filter((file) => file.method === name);
    const responder = stubResponder(method.descriptor, files, this.#schema, behaviour);
    return mockHandler(method, responder, Random.from(`${seed}/${name}`));
  }
}
