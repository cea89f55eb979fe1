"""`cchc evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cchc_cli.cli.framework.options import PlainFormat, RecordNumber, TextOrJson, open_existing
from cchc_cli.cli.terminal.output import print_json, print_line
from cchc_cli.domain.language.errors import message


def evidence(
    context: typer.Context,
    no: RecordNumber,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the files into this folder.")
    ] = None,
    form: PlainFormat = TextOrJson.TEXT,
) -> None:
    """List the evidence of a record, or save its files."""
    from cchc_cli.domain.records.evidence import document_reference
    from cchc_cli.services.questions.history import evidence_of, save_evidence

    database = open_existing(context)
    number, proofs = evidence_of(database, no)
    saved = save_evidence(database, no, save) if save else []
    if form is TextOrJson.JSON:
        from cchc_cli.reports.data.evidence import evidence_document

        print_json(evidence_document(number, proofs, saved))
        return
    for proof in proofs:
        if document_reference(proof.address):
            print_line(message("document {number}", number=proof.address))
        elif proof.file is None:
            print_line(message("{address}", address=proof.address))
        elif proof.size is None:
            print_line(message("{name}: not in the store", name=proof.file.name))
        else:
            print_line(message("{name}, {size} bytes", name=proof.file.name, size=proof.size))
    if not proofs:
        print_line(message("no evidence was handed in for no. {no}", no=number))
    for path in saved:
        print_line(message("written: {path}", path=str(path)))
