"""The part of a plan that a question is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Agency


class Extent(NamedTuple):
    """The part of a plan that was asked about; all of it where nothing narrows it."""

    top: Agency | None = None
    below: int | None = None
    """How many agencies below `top` are meant too; None where it is meant alone."""
    activity: Activity | None = None

    @property
    def alone(self) -> Agency | None:
        """The one agency that was asked about; None where there are several."""
        return None if self.below else self.top
