/** Text of `--help`. */
export const helpText = `create-grpc-service: from a .proto to a running, tested gRPC service in TypeScript

Usage
  npm create grpc-service [dir] -- [flags]
  create-grpc-service [dir] [flags]

Without --proto you get the "user" starter: a small service that works, all four patterns in it.
Run it again in the same folder after the proto has grown: it adds the missing handlers and their
wiring, and touches nothing else.

What to build
  --proto <path>             a .proto file, a folder of them or a descriptor set; repeatable
  -I, --import-path <dir>    where else to look for imports; repeatable
  --starter <name>           begin with a working example instead of a proto (user)

What else it needs (nothing, unless you say so)
  --postgres, --no-postgres  a PostgreSQL database: connection, migrations, container
  --redis, --no-redis        Redis: limits that servers share, a connection, container

How
  --name <name>              npm name of the project (default: the name of the folder)
  --package-manager <name>   npm, pnpm or yarn (default: the one that runs this)
  --install, --no-install    install the dependencies, or leave that to you
  --git, --no-git            create a git repository, or not
  --self <specifier>         what package.json says for create-grpc-service: a version, file:...
  --runtime <specifier>      what package.json says for grpc-service
  -y, --yes                  use the default for everything not given
  --force                    write into a folder that is not empty; its files are kept
  --dry-run                  show what would be written, write nothing

  -h, --help                 this text
  -v, --version              the version

Exit codes: 0 done; 1 the install failed, the project stands; 2 wrong usage or input, nothing
written; 130 interrupted.
`;
