"""`status`: from a question to the findings and their totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.results.assessment import Assessment
from cchc_cli.domain.verdicts.extent import Extent
from cchc_cli.domain.verdicts.findings import totals_of
from cchc_cli.services.questions.question import resolve
from cchc_cli.services.questions.verdicts import Selection, judge_findings, judge_totals
from cchc_cli.storage.changes.changes import chain_head
from cchc_cli.storage.records.waivers import load_waivers

if TYPE_CHECKING:
    from cchc_cli.domain.calendar.periods import Span
    from cchc_cli.domain.plan.model import Agency, Plan
    from cchc_cli.services.questions.question import Question, Resolved
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database


def assess(database: Database, question: Question) -> Assessment:
    """Answer a question about one plan; raises InputError where it names something that does not exist."""
    with database.reading() as connection:
        return assess_resolved(connection, resolve(connection, question))


def assess_resolved(connection: Connection, resolved: Resolved) -> Assessment:
    """Answer a resolved question, in the same transaction."""
    plan, cutoff, window = resolved.stored.plan, resolved.cutoff, resolved.window
    waivers = load_waivers(connection, resolved.stored.id, resolved.seq)
    selection = Selection(
        connection, resolved.stored, cutoff, window.span, resolved.activity, waivers, resolved.seq
    )
    only_totals = resolved.question.only_totals
    findings = [] if only_totals else list(judge_findings(selection))
    totals = judge_totals(selection) if only_totals else totals_of(findings)
    by_agency = {
        agency.code: totals.by_agency[agency.code] for agency in totals.furthest_behind_first(plan.agencies)
    }
    moment = resolved.known.moment if resolved.known else None
    below = _count_below(plan, resolved.top, window.span) if resolved.question.with_subtree else None
    extent = Extent(resolved.top, below, resolved.only)
    chain = chain_head(connection)
    return Assessment(plan, cutoff, window, findings, totals.all(), by_agency, chain, moment, extent)


def _count_below(plan: Plan, top: Agency | None, window: Span) -> int | None:
    """Count the loaded agencies below the top one that exist at some time of the window."""
    if top is None:
        return None
    return sum(one.code != top.code and one.life.overlaps(window) for one in plan.agencies)
