"""`cchc backup` and `cchc restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cchc_cli.cli.framework.options import database_target, now, open_existing
from cchc_cli.cli.terminal.output import print_error, print_line, print_note
from cchc_cli.cli.terminal.progress import progress_bar
from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    from cchc_cli.services.maintenance.backup import BackedUp
    from cchc_cli.storage.database.database import Database

PROBLEMS = 1


def backup(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write the backup.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help="Write it into this folder, under a name with the day."),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", min=1, help="With --to: keep only so many sound backups, and delete older ones."
        ),
    ] = None,
) -> None:
    """Write all records and evidence files to one file, and check it; exits with 1 if there are problems."""
    from cchc_cli.services.maintenance.backup import back_up

    if (file is None) == (to is None):
        raise InputError(message("give either a FILE, or a folder with --to"))
    if keep is not None and to is None:
        raise InputError(message("--keep goes with --to FOLDER"))
    database = open_existing(context)
    if to is not None:
        _back_up_daily(database, to, keep)
    elif file is not None:
        with progress_bar(message("copying and checking")):
            written = back_up(database, file, now())
        if not _print_written(written):
            raise typer.Exit(PROBLEMS)


def _back_up_daily(database: Database, folder: Path, keep: int | None) -> None:
    from cchc_cli.services.maintenance.daily_backups import back_up_daily, delete_older

    moment = now()
    with progress_bar(message("copying and checking")):
        # The day of the computer's own time zone.
        written = back_up_daily(database, folder, moment.astimezone().date(), moment)
    sound = _print_written(written)
    if keep is not None:
        with progress_bar(message("checking earlier backups")):
            found = delete_older(database, written, keep, moment)
        for path in found.deleted:
            print_line(message("{path}: deleted", path=str(path)))
        print_error(*found.problems)
        sound = sound and not found.problems
    if not sound:
        raise typer.Exit(PROBLEMS)


def _print_written(written: BackedUp) -> bool:
    """Print what became of a backup; tell whether it is sound."""
    found = written.found
    if found.problems:
        print_error(*(message("{kind}: {what}", kind=kind, what=what) for kind, what in found.problems))
        print_line(
            message(
                "{file}: backup written, but the database has problems; see: cchc verify",
                file=str(written.path),
            )
        )
        return False
    print_line(
        message(
            "{file}: backup written and verified; the chain stands at {count}:{head}",
            file=str(written.path),
            count=found.head.links,
            head=found.head.link,
        )
    )
    return True


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Also if the database holds something, which is backed up first, or the backup lacks evidence.",
        ),
    ] = False,
) -> None:
    """Check a backup and restore it."""
    from cchc_cli.services.maintenance.backup import restore as restore_backup

    with progress_bar(message("checking and copying")):
        done = restore_backup(database_target(context), file, force=force, now=now())
    for what in done.missing:
        print_note(message("note: {what}", what=what))
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
