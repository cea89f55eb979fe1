"""The result of `evidence` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.records.evidence import document_reference, is_web_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cchc_cli.domain.results.history import EvidenceItem
    from cchc_cli.reports.data.formats import Document


def evidence_document(no: int, proofs: Iterable[EvidenceItem], saved: Iterable[Path]) -> Document:
    """Give `cchc-evidence/1`."""
    return {
        "format": "cchc-evidence/1",
        "no": no,
        "evidence": [
            {
                "url": proof.address if is_web_address(proof.address) else None,
                "document": document_reference(proof.address),
                "name": proof.file.name if proof.file else None,
                "sha256": proof.file.digest if proof.file else None,
                "bytes": proof.size,
            }
            for proof in proofs
        ],
        "saved": [str(path) for path in saved],
    }
