"""The commands of ./dev that need the virtual environment."""

import signal
import sys

from countylines.embedded import checks, prepare, run, screenshot, supply_chain
from countylines.embedded.sentence import Sentence
from countylines.embedded.servers import throw_away_servers

LONG = {"bench": checks.bench, "torture": checks.torture, "fuzz": checks.fuzz}


def main(command: str, arguments: list[str]) -> int:
    """Run one command; its exit code. Raises Sentence where it cannot go on."""
    match command:
        case "run":
            run.run()
            return 0
        case "manage":
            return run.manage(arguments)
        case "test":
            return checks.test(arguments)
        case "lint":
            with throw_away_servers() as servers:
                return bool(checks.lint(checks.environment_of(servers)))
        case "bench" | "torture" | "fuzz":
            return LONG[command](arguments)
    plain = {
        "audit": supply_chain.audit,
        "format": checks.format_code,
        "prepare": prepare.prepare,
        "sbom": supply_chain.sbom,
        "screenshot": screenshot.screenshot,
        "servers": servers_only,
    }
    if command in plain:
        return plain[command]()
    raise Sentence(f"There is no command {command!r}: ./dev help lists them.")


def servers_only() -> int:
    """Throw-away servers until Ctrl-C, for a shell of one's own."""
    with throw_away_servers() as servers:
        servers.create_database("countylines")
        print(f'export ENVIRONMENT=test DATABASE_URL="{servers.database_url("countylines")}"')
        print(f'export REDIS_URL="{servers.redis_url}"', flush=True)
        signal.pause()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except Sentence as sentence:
        print(sentence, file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
