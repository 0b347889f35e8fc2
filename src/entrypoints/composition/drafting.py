"""Who drafts, in which order."""

from contextlib import AsyncExitStack

from adapters.anthropic.model import AnthropicConnection, AnthropicModel
from adapters.anthropic.prices import PRICES
from application.assistance.built_in import BuiltInDrafter
from application.assistance.chain import DraftingChain, Patience
from application.assistance.model_drafter import ModelDrafter
from application.shared.fail_points import fail_point_of
from domain.assistance.ports import Drafter as DrafterPort
from domain.shared.ports import Chance, Clock
from entrypoints.settings import Environment, Settings
from entrypoints.settings.struct import Drafter


def drafting_chain(settings: Settings, clock: Clock, chance: Chance, ends: AsyncExitStack) -> DraftingChain:
    """The chain that the settings ask for; the built-in drafter is always its last link.

    Args:
        ends: closes its connections when the process ends.

    Raises:
        UnknownPrice: the model that the settings name has no price: unknown is not free.
    """
    drafters: list[DrafterPort] = []
    if Drafter.ANTHROPIC in settings.drafter_chain and settings.anthropic_api_key is not None:
        connection = AnthropicConnection(settings.anthropic_api_key.reveal(), settings.anthropic_base_url)
        ends.push_async_callback(connection.close)
        model = AnthropicModel(connection, settings.anthropic_model)
        drafters.append(ModelDrafter.ready(model, PRICES, clock, chance))
    patience = Patience(
        call_seconds=settings.anthropic_timeout_seconds, whole_seconds=2 * settings.anthropic_timeout_seconds + 5
    )
    fail_point = fail_point_of(settings.fail_at, is_test=settings.env is Environment.TEST)
    return DraftingChain([*drafters, BuiltInDrafter()], patience, fail_point=fail_point)
