"""Who drafts, in which order."""

from application.assistance.built_in import BuiltInDrafter
from application.assistance.chain import DraftingChain
from domain.assistance.ports import Drafter as DrafterPort
from domain.shared.ports import Chance, Clock
from entrypoints.settings import Settings


def drafting_chain(settings: Settings, clock: Clock, chance: Chance) -> DraftingChain:
    """The chain that the settings ask for; the built-in drafter is always its last link."""
    drafters: list[DrafterPort] = []
    return DraftingChain([*drafters, BuiltInDrafter()])
