"""What is asked of the members together: groups, conflicts, who must be in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph.consortium.instance import Group, Instance

__all__ = ["Conditions"]


class Conditions:
    """The conditions of one search on its members.

    Attributes:
        partners: For each organisation those that must not be in with it.
    """

    def __init__(self, instance: Instance, groups: tuple[Group, ...] = ()) -> None:
        """Take the conditions of the instance and some more."""
        self._groups = instance.groups + groups
        self._forced = instance.forced
        self.partners: dict[int, list[int]] = {}
        for first, second in instance.conflicts:
            self.partners.setdefault(first, []).append(second)
            self.partners.setdefault(second, []).append(first)

    @property
    def is_empty(self) -> bool:
        """Nothing is asked of the members together."""
        return not (self._groups or self._forced or self.partners)

    def may_join(
        self, owners: NDArray[np.int64], team: Sequence[int], room: int
    ) -> NDArray[np.bool_]:
        """Tell which organisations may come next into a team that has room for some more.

        Conflicts are not looked at, for they can be dropped once, when a member joins.
        """
        allowed = np.full(len(owners), room > 0)
        members = list(team)
        for group in self._groups:
            if int(group.counts_high[members].sum()) >= group.at_most:
                allowed &= ~group.counts_high[owners]
            if group.at_least - int(group.counts_low[members].sum()) >= room:
                allowed &= group.counts_low[owners]
        missing = [o for o in self._forced if o not in members]
        if missing and len(missing) >= room:
            allowed &= np.isin(owners, missing)
        return allowed

    def are_met(self, team: Sequence[int]) -> bool:
        """Tell whether a complete team has all that it must; maxima were seen to on the way."""
        members = list(team)
        has_enough = all(
            int(group.counts_low[members].sum()) >= group.at_least for group in self._groups
        )
        return has_enough and set(self._forced) <= set(members)

    def without_partners(self, owners: NDArray[np.int64], team: Sequence[int]) -> NDArray[np.bool_]:
        """Tell which organisations are in conflict with nobody of the team."""
        unwanted = [o for member in team for o in self.partners.get(member, ())]
        return ~np.isin(owners, unwanted) if unwanted else np.full(len(owners), True)
