"""The process in which `isolation.run_isolated` reads a file: its limits, then the function.

Standard input is the file; standard output is a file for the result. What is started here for each
upload must stay small: no Django, and large libraries only in the functions that need them.
"""

import importlib
import json
import resource
import signal
import sys
from pathlib import Path

MAX_CLOCK_SECONDS = 30  # in case the web server, which waits for less, was killed
MAX_MEMORY_BYTES = 1_000_000_000
MAX_RESULT_BYTES = 50_000_000
REFUSED, OUT_OF_MEMORY = 3, 4  # exit codes


def main() -> None:
    function_name, arguments, cpu_seconds = sys.argv[1:]
    _set_limits(int(cpu_seconds))
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from recommendations.evidence.file_types import UnacceptableFile

    module, _, name = function_name.partition(":")
    try:
        function = getattr(importlib.import_module(module), name)
        sys.stdout.buffer.write(function(sys.stdin.buffer, **json.loads(arguments)))
    except UnacceptableFile as reason:
        sys.stdout.buffer.write(str(reason).encode())
        sys.exit(REFUSED)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


def _set_limits(cpu_seconds: int) -> None:
    signal.alarm(MAX_CLOCK_SECONDS)
    for limit, value in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, MAX_RESULT_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    # A signal at the first value, which names the limit; the second one kills without a name.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))


if __name__ == "__main__":
    main()
