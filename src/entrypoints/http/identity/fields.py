"""Types of fields that the routes of this context share."""

from typing import Annotated, Final

from msgspec import Meta

from domain.identity.passwords import LONGEST
from domain.identity.roles import Role
from domain.identity.users import LONGEST_EMAIL, LONGEST_NAME
from entrypoints.http.fields import NOT_BLANK, id_in_path

EXAMPLE_EMAIL: Final = "ada@example.com"

Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=LONGEST_EMAIL,
        description="An e-mail address, kept as sent; upper and lower case are one.",
        examples=[EXAMPLE_EMAIL],
        extra_json_schema={"format": "email"},
    ),
]

PersonName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        description="How the person is shown; not blank.",
        examples=["Ada Lovelace"],
        extra_json_schema=NOT_BLANK,
    ),
]

WorkspaceName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        description="How the workspace is shown; not blank.",
        examples=["Harbour Cars"],
        extra_json_schema=NOT_BLANK,
    ),
]

Password = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST,
        description="Any Unicode text; never cut, trimmed or folded.",
        examples=["a long walk by the harbour"],
        extra_json_schema={"format": "password"},
    ),
]

MemberRole = Annotated[
    Role,
    Meta(
        description="What a member is: `owner` and `admin` manage, `staff` works, `viewer` reads.",
        examples=["staff"],
    ),
]

WorkspaceIdInPath = Annotated[str, id_in_path("wsp", "The workspace.")]
UserIdInPath = Annotated[str, id_in_path("usr", "The person.")]
ApiKeyIdInPath = Annotated[str, id_in_path("key", "The API key.")]
