"""The part of a plan that a question is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Activity, Agency


class Extent(NamedTuple):
    """The part of a plan that a question is about; by default the whole plan."""

    top: Agency | None = None
    below: int | None = None
    """How many agencies below `top` are included; None if only `top` is meant."""
    activity: Activity | None = None

    @property
    def alone(self) -> Agency | None:
        """The only agency of the question; None if there are several."""
        return None if self.below else self.top
