"""A drafter behind which a language model stands."""

from dataclasses import dataclass

from application.assistance.prompting import MalformedReply, build_prompt, read_reply, secrets_of
from application.assistance.prompts import REPLY
from domain.assistance.calls import CallOutcome, ModelFailed
from domain.assistance.costs import Cost, PriceList, UnknownPrice, Usage
from domain.assistance.limits import leaks
from domain.assistance.models import Completion, Stop
from domain.assistance.ports import Assignment, Drafted, LanguageModel
from domain.assistance.results import Label
from domain.shared.ports import Chance, Clock

_STOPS = {Stop.CUT_OFF: CallOutcome.CUT_OFF, Stop.DECLINED: CallOutcome.DECLINED, Stop.OTHER: CallOutcome.MALFORMED}


@dataclass(frozen=True, slots=True)
class ModelDrafter:
    """`Drafter` over a language model: prompt, one call, the answer as a draft.

    Construct it with `ready` at the start of a process, so that a model without a price is found there.
    """

    model: LanguageModel
    prices: PriceList
    clock: Clock
    chance: Chance
    prompt_version: str = REPLY

    @classmethod
    def ready(cls, model: LanguageModel, prices: PriceList, clock: Clock, chance: Chance) -> "ModelDrafter":
        """Make one whose model has a price today.

        Raises:
            UnknownPrice: it has none.
        """
        prices.price(model.provider, model.model, on=clock.now().date())
        return cls(model, prices, clock, chance)

    @property
    def label(self) -> Label:
        """The model, and the version of the prompt."""
        return Label(provider=self.model.provider, model=self.model.model, prompt_version=self.prompt_version)

    async def draft(self, assignment: Assignment, /, *, timeout_seconds: float) -> Drafted:
        """See `domain.assistance.ports.Drafter`; personal data must be out of the assignment by now."""
        self._must_have_price()
        boundary = self.chance.token(12).hex()
        prompt = build_prompt(assignment, version=self.prompt_version, boundary=boundary)
        completion = await self.model.complete(prompt, timeout_seconds=timeout_seconds)
        return self._read(completion, assignment, boundary)

    def _read(self, completion: Completion, assignment: Assignment, boundary: str) -> Drafted:
        outcome, draft = _STOPS.get(completion.stop, CallOutcome.ANSWERED), None
        if outcome is CallOutcome.ANSWERED:
            try:
                draft = read_reply(completion.text, assignment.facts)
            except MalformedReply:
                outcome = CallOutcome.MALFORMED
        if draft and leaks(draft, secrets_of(self.prompt_version, boundary)):
            outcome, draft = CallOutcome.MALFORMED, None
        return Drafted(
            outcome=outcome,
            draft=draft,
            usage=completion.usage,
            cost=self._cost(completion.usage),
            provider_request=completion.provider_request,
        )

    def _must_have_price(self) -> None:
        try:
            self.prices.price(self.model.provider, self.model.model, on=self.clock.now().date())
        except UnknownPrice as error:
            raise ModelFailed(CallOutcome.UNPRICED) from error

    def _cost(self, usage: Usage | None) -> Cost | None:
        if usage is None:
            return None
        return self.prices.cost(self.model.provider, self.model.model, usage, on=self.clock.now().date())
