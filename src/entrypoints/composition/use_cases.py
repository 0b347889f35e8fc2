"""Every use case, by context. The start resolves each one, so that a missing adapter stops the boot."""

from typing import Any, Final

import punq

from application.assistance.accept_draft import AcceptDraft
from application.assistance.discard_stale import DiscardStale
from application.assistance.draft_reply import DraftReply
from application.assistance.rate_draft import RateDraft
from application.assistance.read_suggestion import ReadSuggestion
from application.assistance.reject_draft import RejectDraft
from application.assistance.request_suggestion import RequestSuggestion
from application.conversations.assign_conversation import AssignConversation
from application.conversations.close_conversation import CloseConversation
from application.conversations.edit_conversation import EditConversation
from application.conversations.get_conversation import GetConversation, GetConversationStatus
from application.conversations.import_conversations import ImportConversations
from application.conversations.list_conversations import ListConversations
from application.conversations.open_conversation import OpenConversation
from application.conversations.post_message import PostMessage
from application.conversations.read_messages import GetMessage, ListMessages
from application.conversations.reopen_conversation import ReopenConversation
from application.identity.add_member import AddMember
from application.identity.change_member import ChangeMember
from application.identity.create_api_key import CreateApiKey
from application.identity.found_workspace import FoundWorkspace
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.queries import (
    ListApiKeys,
    ListMembers,
    ListWorkspaces,
    ShowAccount,
    ShowApiKey,
    ShowMember,
    ShowWorkspace,
)
from application.identity.refresh import RefreshSession
from application.identity.register import CreateAccount, Register
from application.identity.remove_member import RemoveMember
from application.identity.rename_user import RenameUser
from application.identity.rename_workspace import RenameWorkspace
from application.identity.revoke_api_key import RevokeApiKey
from application.knowledge.add_sources import AddSource, AddSources
from application.knowledge.archive_source import ArchiveSource
from application.knowledge.change_source import ChangeSource
from application.knowledge.read_sources import GetSource, ListSources, ListSourceVersions
from application.operations.change_jobs import CancelJob, DiscardJob, RetryJob
from application.operations.look_at_jobs import GetJob, ListJobs, WaitForJob
from application.operations.read_feed import ReadFeed

USE_CASES: Final[dict[str, tuple[type[Any], ...]]] = {
    "identity": (
        AddMember, ChangeMember, CreateAccount, CreateApiKey, FoundWorkspace, ListApiKeys, ListMembers, ListWorkspaces,
        LogIn, LogOut, RefreshSession, Register, RemoveMember, RenameUser, RenameWorkspace, RevokeApiKey, ShowAccount,
        ShowApiKey, ShowMember, ShowWorkspace,
    ),
    "conversations": (
        AssignConversation, CloseConversation, EditConversation, GetConversation, GetConversationStatus, GetMessage,
        ImportConversations, ListConversations, ListMessages, OpenConversation, PostMessage, ReopenConversation,
    ),
    "knowledge": (AddSource, AddSources, ArchiveSource, ChangeSource, GetSource, ListSources, ListSourceVersions),
    "assistance": (AcceptDraft, DiscardStale, DraftReply, RateDraft, ReadSuggestion, RejectDraft, RequestSuggestion),
    "operations": (CancelJob, DiscardJob, GetJob, ListJobs, ReadFeed, RetryJob, WaitForJob),
}  # fmt: skip


def register_use_cases(container: punq.Container) -> None:
    """Register all use cases, one object each, and make every one of them now.

    Raises:
        punq.MissingDependencyError: a port has no adapter.
    """
    for contexts in USE_CASES.values():
        for use_case in contexts:
            container.register(use_case, scope=punq.Scope.singleton)
    for contexts in USE_CASES.values():
        for use_case in contexts:
            container.resolve(use_case)
