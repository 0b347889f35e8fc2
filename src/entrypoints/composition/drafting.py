"""Who drafts, in which order."""

from contextlib import AsyncExitStack

from adapters.anthropic import prices
from adapters.anthropic.model import AnthropicConnection, AnthropicModel
from adapters.system import SystemClock
from application.assistance.built_in import BuiltInDrafter
from application.assistance.chain import DraftingChain, Patience
from application.assistance.model_drafter import ModelDrafter
from application.shared.fail_points import fail_point_of
from domain.assistance.costs import UnknownPrice
from domain.assistance.ports import Drafter as DrafterPort
from domain.shared.ports import Chance, Clock
from entrypoints.settings import BadSettings, Environment, Settings
from entrypoints.settings.loading import conflict
from entrypoints.settings.struct import Drafter


def check_price(settings: Settings, clock: Clock | None = None) -> None:
    """See that the model that is to draft has a price today: unknown is not free.

    Raises:
        BadSettings: it has none.
    """
    if Drafter.ANTHROPIC not in settings.drafter_chain:
        return
    today = (clock or SystemClock()).now().date()
    try:
        prices.PRICES.price(prices.PROVIDER, settings.anthropic_model, on=today)
    except UnknownPrice as error:
        expected = f"a model whose price is in {prices.__name__}; without one its cost would be unknown"
        raise BadSettings([conflict("anthropic_model", settings, expected)]) from error


def drafting_chain(settings: Settings, clock: Clock, chance: Chance, ends: AsyncExitStack) -> DraftingChain:
    """The chain that the settings ask for; the built-in drafter is always its last link.

    Args:
        ends: closes its connections when the process ends.

    Raises:
        BadSettings: as `check_price`.
    """
    drafters: list[DrafterPort] = []
    if Drafter.ANTHROPIC in settings.drafter_chain and settings.anthropic_api_key is not None:
        connection = AnthropicConnection(settings.anthropic_api_key.reveal(), settings.anthropic_base_url)
        ends.push_async_callback(connection.close)
        model = AnthropicModel(connection, settings.anthropic_model)
        check_price(settings, clock)
        drafters.append(ModelDrafter.ready(model, prices.PRICES, clock, chance))
    patience = Patience(
        call_seconds=settings.anthropic_timeout_seconds, whole_seconds=2 * settings.anthropic_timeout_seconds + 5
    )
    fail_point = fail_point_of(settings.fail_at, is_test=settings.env is Environment.TEST)
    return DraftingChain([*drafters, BuiltInDrafter()], patience, fail_point=fail_point)
