"""From texts to settings. Faults are collected: who starts the product sees all of them at once."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast, get_args, get_origin

import msgspec
from dotenv import dotenv_values
from msgspec import structs

from entrypoints.settings.secret import Secret, masked
from entrypoints.settings.struct import Drafter, Environment, Settings

PREFIX: Final = "USHER_"
FILE: Final = "_FILE"
_CLOSE: Final = 0.85
"""How alike an unknown name must be to a known one to be taken for a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One setting that cannot be used. `shown` is its value as it may be shown, None where there is none."""

    name: str
    shown: str | None
    expected: str
    example: str

    def __str__(self) -> str:
        value = "is not set" if self.shown is None else f"is {self.shown}"
        return f"  {self.name} {value}\n      expected: {self.expected}\n      example:  {self.example}"


class BadSettings(Exception):
    """The product cannot start with these settings; `faults` names every one."""

    def __init__(self, faults: list[Fault]) -> None:
        many = "1 setting needs" if len(faults) == 1 else f"{len(faults)} settings need"
        super().__init__("\n".join([f"{many} attention:", *map(str, faults)]))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known about one setting."""

    field: structs.FieldInfo
    about: msgspec.Meta

    @property
    def name(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.field.encode_name.upper()

    @property
    def extra(self) -> Mapping[str, Any]:
        """Section, expectation and check."""
        return self.about.extra or {}

    @property
    def example(self) -> str:
        """A value that would do."""
        return str((self.about.examples or [""])[0])

    @property
    def is_list(self) -> bool:
        """Whether commas separate several values."""
        return get_origin(get_args(self.field.type)[0]) is tuple

    @property
    def is_secret(self) -> bool:
        """Whether its value is never shown."""
        kind = get_args(self.field.type)[0]
        return kind is Secret or Secret in get_args(kind)

    def fault(self, value: str | None, wrong: str | None = None) -> Fault:
        """That this value will not do."""
        shown = None if value is None else masked(value) if self.is_secret else repr(value[:80])
        expected = self.extra["expects"] + (f" ({wrong})" if wrong else "")
        return Fault(name=self.name, shown=shown, expected=expected, example=f"{self.name}={self.example}")


def all_settings() -> list[Setting]:
    """Every setting, in the order of the struct."""
    return [Setting(field, get_args(field.type)[1]) for field in structs.fields(Settings)]


def gather(environ: Mapping[str, str], *layers: Path) -> dict[str, str]:
    """The settings' texts: the environment first, then these files in the form of `.env`, where they exist.

    Raises:
        BadSettings: a file cannot be read.
    """
    values: dict[str, str] = {}
    for file in reversed(layers):
        try:
            found = dotenv_values(file, interpolate=False)
        except (OSError, UnicodeDecodeError) as error:
            unreadable = Fault(
                name=str(file), shown="no file to read", expected="UTF-8 text", example="USHER_PORT=8000"
            )
            raise BadSettings([unreadable]) from error
        values |= {name: value for name, value in found.items() if value is not None}
    values |= environ
    return {name: value for name, value in values.items() if name.startswith(PREFIX) and value != ""}


def load_settings(values: Mapping[str, str]) -> Settings:
    """Check and convert.

    Raises:
        BadSettings: with every fault, not only the first.
    """
    faults = list(_slips(values))
    converted: dict[str, Any] = {}
    for setting in all_settings():
        try:
            text = _text_of(setting, values)
            if text is not None:
                converted[setting.field.name] = _convert(setting, text)
            elif setting.field.required:
                faults.append(setting.fault(None))
        except _Unusable as error:
            faults.append(error.fault)
    if not faults:
        settings = Settings(**converted)
        faults = list(_contradictions(settings))
        if not faults:
            return settings
    raise BadSettings(faults)


class _Unusable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


def _text_of(setting: Setting, values: Mapping[str, str]) -> str | None:
    """The text, from the variable itself or from the file that `<NAME>_FILE` names."""
    text, file = values.get(setting.name), values.get(setting.name + FILE)
    if file is None:
        return text
    expected = "a readable file" if text is None else f"either this or {setting.name}, not both"
    fault = Fault(
        name=setting.name + FILE,
        shown=repr(file),
        expected=expected,
        example=f"{setting.name}{FILE}=/run/secrets/{setting.field.name}",
    )
    if text is not None:
        raise _Unusable(fault)
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _Unusable(fault) from error


def _convert(setting: Setting, text: str) -> object:
    parts = [part.strip() for part in text.split(",") if part.strip()] if setting.is_list else [text]
    check: Callable[[str], str | None] | None = setting.extra["check"]
    for part in parts:
        if check is not None and (wrong := check(part)):
            raise _Unusable(setting.fault(text, wrong))
    if setting.is_secret:
        return Secret(text)
    try:
        return msgspec.convert(parts if setting.is_list else text, setting.field.type, strict=False)
    except msgspec.ValidationError as error:
        raise _Unusable(setting.fault(text)) from error


def _slips(values: Mapping[str, str]) -> Iterator[Fault]:
    """Names that are almost a setting's. Others that start alike belong to somebody else."""
    known = {name for setting in all_settings() for name in (setting.name, setting.name + FILE)}
    for name in sorted(values.keys() - known):
        if close := difflib.get_close_matches(name, known, n=1, cutoff=_CLOSE):
            yield Fault(name=name, shown="no setting", expected=f"{close[0]}, perhaps", example=f"{close[0]}=...")


def _contradictions(settings: Settings) -> Iterator[Fault]:
    """Settings that are each fine, and not together."""
    if settings.fail_at and settings.env is not Environment.TEST:
        yield conflict("fail_at", settings, "unset unless USHER_ENV=test")
    if settings.database_pool_smallest > settings.database_pool_largest:
        yield conflict("database_pool_smallest", settings, "at most USHER_DATABASE_POOL_LARGEST")
    if Drafter.ANTHROPIC in settings.drafter_chain and settings.anthropic_api_key is None:
        yield conflict("anthropic_api_key", settings, "set, because USHER_DRAFTER_CHAIN names anthropic")
    if len(set(settings.drafter_chain)) != len(settings.drafter_chain):
        yield conflict("drafter_chain", settings, "each drafter once")
    if settings.is_production and not settings.public_url.startswith("https://"):
        yield conflict("public_url", settings, "an https address in production")


def conflict(field: str, settings: Settings, expected: str) -> Fault:
    """That this field's value does not go with something else."""
    setting = next(setting for setting in all_settings() if setting.field.name == field)
    value: object = getattr(settings, field)
    texts = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    shown = None if value is None else ",".join(map(str, texts))
    return replace(setting.fault(shown), expected=expected)
