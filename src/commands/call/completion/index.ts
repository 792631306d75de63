import { UsageError } from "../../../terminal/errors.ts";
import type { Host } from "../../../terminal/host.ts";
import { nearest } from "../../../terminal/nearest.ts";

/**
 * Completion scripts. Each asks the program for the candidates of the word at the cursor, so that they
 * are always those of the installed version and the current project.
 */
const scripts: Readonly<Record<string, string>> = {
  // From the line: bash cuts its words at each colon.
  bash: `_grpc_service() {
  local line="\${COMP_LINE:0:COMP_POINT}" word
  local -a words
  read -ra words <<<"$line"
  if [[ "$line" == *[[:space:]] ]]; then words+=(""); fi
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then compopt -o default; fi
}
complete -F _grpc_service grpc-service
`,
  zsh: `_grpc_service() {
  local -a candidates
  candidates=("\${(@f)$(\${words[1]} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then compadd -- "\${candidates[@]}"; else _files; fi
}
compdef _grpc_service grpc-service
`,
  fish: `function __grpc_service_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c grpc-service -a '(__grpc_service_complete)'
`,
};

/** Prints the completion script of a shell. */
export async function completion(
  { argument: shell }: { readonly argument: string | undefined },
  host: Host,
): Promise<number> {
  const script = Object.hasOwn(scripts, shell ?? "") ? scripts[shell ?? ""] : undefined;
  if (script === undefined) {
    const near = nearest(shell ?? "", Object.keys(scripts));
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    throw new UsageError(`which shell? bash, zsh or fish${hint}`);
  }
  host.print(script);
  return 0;
}
