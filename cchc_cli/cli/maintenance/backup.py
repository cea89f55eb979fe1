"""`cchc backup` and `cchc restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cchc_cli.cli.framework.options import database_target, now, open_existing
from cchc_cli.cli.terminal.output import print_error, print_line
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import message

PROBLEMS = 1


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the backup.")],
) -> None:
    """Write all records and evidence files to one file, and check it."""
    from cchc_cli.services.maintenance.backup import back_up

    with progress_bar(message("copying and checking")):
        found = back_up(open_existing(context), file)
    if found.problems:
        print_error(*(message("{kind}: {what}", kind=kind, what=what) for kind, what in found.problems))
        print_line(
            message("{file}: backup written, but the database has problems; see: cchc verify", file=str(file))
        )
        raise typer.Exit(PROBLEMS)
    print_line(
        message(
            "{file}: backup written and verified; the chain stands at {count}:{head}",
            file=str(file),
            count=found.head.links,
            head=found.head.link,
        )
    )


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also if the database holds something; that is backed up first.")
    ] = False,
) -> None:
    """Check a backup and restore it."""
    from cchc_cli.services.maintenance.backup import restore as restore_backup

    with progress_bar(message("checking and copying")):
        done = restore_backup(database_target(context), file, force=force, now=now())
    if done.kept:
        print_line(message("the previous database is kept in {path}", path=str(done.kept)))
    print_line(
        message(
            "{file}: restored; the chain stands at {count}:{head}",
            file=str(file),
            count=done.head.links,
            head=done.head.link,
        )
    )
