"""The command `deskphone` and its options; what they do lives behind them."""

import sys
from pathlib import Path

import click

from deskphone import __version__
from deskphone.errors import DeskphoneError

DEFAULT_CONFIG = Path("/etc/deskphone/deskphone.toml")

_config = click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default=True,
    help="The configuration file.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="deskphone", message="%(prog)s %(version)s")
def cli() -> None:
    """A desk phone whose call recording can be trusted."""


@cli.command()
@_config
@click.option("--simulate", is_flag=True, help="Simulated keys, LED and display; no sound card is needed.")
@click.option(
    "--listen",
    metavar="HOST:PORT",
    help="Where HTTP is served (default: web.listen of the configuration; port 0 = any).",
)
@click.option("--vault/--no-vault", default=True, help="Run the vault as a child, or leave it to its own service.")
def run(config: Path, simulate: bool, listen: str | None, vault: bool) -> None:
    """Run the phone until SIGTERM or Ctrl-C. Calls that go on are ended with a BYE, recordings are completed."""
    from deskphone.app.bootstrap import run_phone

    sys.exit(run_phone(config, simulate=simulate, listen=listen, with_vault=vault))


@cli.command()
@_config
@click.option(
    "--memory",
    type=click.Path(path_type=Path),
    help="The phone's folder in memory (default: storage.memory of the configuration).",
)
@click.option("--child", is_flag=True, hidden=True)
def vault(config: Path, memory: Path | None, child: bool) -> None:
    """Store what the phone records: follow its takes in memory, encode and seal them. Its own process."""
    from deskphone.cli.vault import serve

    serve(config, memory, child=child)


@cli.group()
def recordings() -> None:
    """The recordings in the storage folder."""


_storage = click.option(
    "--storage", type=click.Path(path_type=Path), help="Look in this folder instead of storage.url's."
)


@recordings.command("list")
@_config
@_storage
@click.option("--json", "as_json", is_flag=True, help="One JSON array of the sidecars.")
def recordings_list(config: Path, storage: Path | None, as_json: bool) -> None:
    """Every recording, oldest first."""
    from deskphone.cli.recordings import show_all

    show_all(config, storage, as_json)


@recordings.command("show")
@click.argument("take_id")
@_config
@_storage
def recordings_show(take_id: str, config: Path, storage: Path | None) -> None:
    """Everything that is known of one recording, and whether its file is still what was stored."""
    from deskphone.cli.recordings import show_one

    sys.exit(show_one(config, storage, take_id))


@recordings.command("play")
@click.argument("take_id")
@_config
@_storage
@click.option(
    "--output", type=click.Path(path_type=Path, allow_dash=True), help="Write a WAV file instead (- = stdout)."
)
def recordings_play(take_id: str, config: Path, storage: Path | None, output: Path | None) -> None:
    """Play a recording on the default sound card: you are left, the other side is right."""
    from deskphone.cli.recordings import play

    play(config, storage, take_id, output)


@cli.group("config")
def config_group() -> None:
    """The configuration file."""


@config_group.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--effective", is_flag=True, help="Print every value that holds, defaults included, secrets masked.")
def config_check(file: Path, effective: bool) -> None:
    """Whether FILE can be used; every fault at once, each with its key."""
    from deskphone.cli.configuration import check

    sys.exit(check(file, effective=effective))


@config_group.command("schema")
def config_schema() -> None:
    """The JSON Schema of the configuration, for editors and provisioning servers."""
    from deskphone.cli.configuration import print_schema

    print_schema()


@cli.command()
@_config
@click.option("--simulate", is_flag=True, help="Leave out what only real hardware needs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def doctor(config: Path, simulate: bool, as_json: bool) -> None:
    """Look over this installation: which pjsua2 runs and what it lacks, storage, memory, prompts, hardware."""
    from deskphone.cli.doctor import report

    sys.exit(report(config, simulate=simulate, as_json=as_json))


def main() -> None:
    """The console script. Errors that a person can put right are one message, without a traceback."""
    try:
        cli(prog_name="deskphone")
    except DeskphoneError as error:
        click.echo(f"deskphone: {error}", err=True)
        sys.exit(2)
