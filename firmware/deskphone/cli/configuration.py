"""`deskphone config`: what an administrator asks of a configuration file."""

import json
from pathlib import Path

import click

from deskphone.config.document import json_schema, masked
from deskphone.config.load import ConfigError, load


def check(file: Path, *, effective: bool) -> int:
    """Say whether the file can be used; the exit status."""
    try:
        config = load(file)
    except ConfigError as error:
        count = len(error.problems)
        click.echo(f"{file}: {count} {'problem' if count == 1 else 'problems'}", err=True)
        for problem in error.problems:
            click.echo(f"  {problem}", err=True)
        return 1
    if effective:
        click.echo(json.dumps(masked(config), indent=2, ensure_ascii=False))
    else:
        click.echo(f"{file}: can be used (recording.mode = {config.recording.mode})")
    return 0


def print_schema() -> None:
    """The JSON Schema on stdout."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
