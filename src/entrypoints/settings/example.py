"""The example file, written from the settings themselves so that it cannot grow stale."""

from enum import Enum
from typing import Final, cast

from msgspec import NODEFAULT, UNSET

from entrypoints.settings.loading import FILE, Setting, all_settings

_HEAD: Final = f"""\
# Every setting of Usher, with its default. Copy to .env, or set in the environment, which comes first.
# Any of them may be read from a file instead: add {FILE} to the name. Written by `usher config example`.
#
# To try Usher nothing here is needed: `make run` brings its own servers and keys.
"""


def example_file() -> str:
    """The text of `.env.example`."""
    lines, section = [_HEAD], ""
    for setting in all_settings():
        if setting.extra["section"] != section:
            section = setting.extra["section"]
            lines.append(f"\n# --- {section} ---\n")
        lines.append(_entry(setting))
    return "\n".join(lines)


def _entry(setting: Setting) -> str:
    about = f"# {setting.about.description} Expected: {setting.extra['expects']}."
    required = " Required in production." if setting.field.required else ""
    return f"{about}{required}\n# {setting.name}={_default(setting) or setting.example}\n"


def _default(setting: Setting) -> str:
    value: object = setting.field.default
    if value in (None, NODEFAULT, UNSET):
        return ""
    values = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    return ",".join(str(one.value if isinstance(one, Enum) else one) for one in values)
