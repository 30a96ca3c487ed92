//! What stands below the long help of each command, and in its manual page: examples, and what is to be known besides.

pub(super) const PROGRAM: &str = "\
Examples:
  llm-sandbox run -c 'print(6 * 7)'
  llm-sandbox help run
  llm-sandbox doctor";

pub(super) const RUN: &str = "\
Examples:
  llm-sandbox run -c 'print(6 * 7)'
  llm-sandbox run solve.py < input.txt
  llm-sandbox run --timeout 2 --memory 256m solve.js -- --fast 3
  generate | llm-sandbox run -l python -
  llm-sandbox run --mount ./data:/data --file util.py analyse.py
  llm-sandbox run --json -c 'print(1)' | jq .outcome
  llm-sandbox run --policy production --enforce answer.py

Exit status:
  the code's own   it left by itself
  1                it did not compile
  2                wrong usage: nothing was run
  124              a time limit was reached
  125              the sandbox failed: nothing can be said about the code
  126              the policy refuses the code: nothing was run
  128+N            signal N ended it; 130 and 143 also where this program was told to stop by SIGINT or SIGTERM
  137              the memory limit was reached
  141              nobody reads the output any more: the code was killed
Where the code's own status is one of these numbers, --json tells them apart.

Standard input goes to the code as it comes, and some of it may be read that the code never asks for: in a shell's
read loop give --stdin /dev/null. A program read from standard input by - has none of its own.";

pub(super) const OPEN: &str = "\
Examples:
  llm-sandbox open --name work
  llm-sandbox open --language javascript --memory 1g --mount ./data:/data
  llm-sandbox open --name agent --idle-timeout none --lifetime 86400 --label owner=ada
  llm-sandbox open --name work --foreground

Its sockets are in llm-sandbox in $XDG_RUNTIME_DIR, where that is not set in /run/llm-sandbox-UID or
/tmp/llm-sandbox-UID. Only this user can use them.";

pub(super) const EXEC: &str = "\
Examples:
  llm-sandbox exec work ls -l
  llm-sandbox exec work -c 'print(open(\"notes.txt\").read())'
  llm-sandbox exec -i work -- sort -n < numbers.txt
  llm-sandbox exec -it work python3
  llm-sandbox exec -d work python3 -m http.server

No shell takes the arguments apart. The text of -c is written into the working directory, as main.py where
the language is Python, over what has that name. What is said of exit statuses in llm-sandbox help run holds here,
too. Without --detach the program ends with this one; with it, llm-sandbox wait has its result.";

pub(super) const WAIT: &str = "\
Examples:
  llm-sandbox wait work 3
  llm-sandbox wait --json work 3 | jq .outcome

What it printed comes when it is over, each stream for itself, and only once: who has waited for a run
has its result. The exit status is as said in llm-sandbox help run.";

pub(super) const SHELL: &str = "\
Examples:
  llm-sandbox shell work
  llm-sandbox shell work zsh";

pub(super) const PS: &str = "\
Examples:
  llm-sandbox ps
  llm-sandbox ps work
  llm-sandbox ps --json | jq '.sessions[].id'";

pub(super) const CP: &str = "\
Examples:
  llm-sandbox cp data.csv work:
  llm-sandbox cp ./project work:/sandbox/project
  llm-sandbox cp work:out/plot.png .

Paths inside that are relative are below the session's working directory. What is copied to a directory
that is there goes into it.";

pub(super) const KILL: &str = "\
Examples:
  llm-sandbox kill work
  llm-sandbox kill work 3";

pub(super) const LANGUAGES: &str = "\
Examples:
  llm-sandbox languages
  llm-sandbox languages --json | jq '.languages[].name'";

pub(super) const CONFIG: &str = "\
Examples:
  llm-sandbox config
  llm-sandbox config --profile careful --json
  \"$EDITOR\" \"$(llm-sandbox config path)\"

The nearest of these says what a setting is:
  1. the command line
  2. a variable: LLM_SANDBOX_TIMEOUT for --timeout, LLM_SANDBOX_CPU_TIME for --cpu-time
  3. the profile of the config file that --profile or LLM_SANDBOX_PROFILE names
  4. the config file's defaults
  5. what is built in

The config file is the one that LLM_SANDBOX_CONFIG names, else llm-sandbox/config.toml in
$XDG_CONFIG_HOME or ~/.config. Its keys are the long options of run:

  [defaults]
  timeout = 10
  memory = \"256m\"
  env = { LANG = \"C.UTF-8\" }

  [profiles.careful]
  require = [\"memory-limit\", \"network-none\"]

  [profiles.analysis]
  backend = \"docker\"
  container-option = { mem_limit = \"1g\" }
  mount = [\"./data:/data\"]

A value means what it means on the command line. What can be repeated there is a list or a table
here, and one item a line in a variable; items add up, and of two with one name the nearer is taken.
An image, a dockerfile and a container are one choice. A file that everybody can write to is refused.";

pub(super) const CONFIG_PATH: &str = "\
Examples:
  llm-sandbox config path
  LLM_SANDBOX_CONFIG=./ci.toml llm-sandbox config path";

pub(super) const DOCTOR: &str = "\
Examples:
  llm-sandbox doctor
  llm-sandbox doctor --json | jq '.backends[] | select(.trouble == null) | .backend'

Exit status:
  0     sandboxes can be opened here
  125   none can, or none that is whole";

pub(super) const SELFTEST: &str = "\
Examples:
  llm-sandbox selftest
  llm-sandbox selftest --json | jq '.attacks[] | select(.verdict == \"broken\")'

Exit status:
  0     every attack was held off, or is one that nothing is claimed of here
  1     one was not
  125   no sandbox could be opened";

pub(super) const GC: &str = "\
Examples:
  llm-sandbox gc
  llm-sandbox gc --backend podman";

pub(super) const COMPLETIONS: &str = "\
Examples:
  llm-sandbox completions bash > ~/.local/share/bash-completion/completions/llm-sandbox
  llm-sandbox completions zsh > ~/.zfunc/_llm-sandbox
  llm-sandbox completions fish > ~/.config/fish/completions/llm-sandbox.fish";

pub(super) const MAN: &str = "\
Examples:
  llm-sandbox man run | man -l -
  llm-sandbox man config path
  llm-sandbox man --directory ~/.local/share/man/man1";
