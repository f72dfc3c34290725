"""Every permission, `<surface>:<resource>:<action>`, and the roles of an office that bundle them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from meibo.items.texts import Texts


class Permission(StrEnum):
    """What a caller may be granted; alphabetical. The reference page is made from this list."""

    AUDIT_READ = "registry:audit:read"
    CHECK_APPROVE = "registry:check:approve"
    CHECK_DECIDE = "registry:check:decide"
    CHECK_OPEN = "registry:check:open"
    CHECK_PLAN = "registry:check:plan"
    CHECK_READ = "registry:check:read"
    CHECK_RULE = "registry:check:rule"
    CODE_READ = "registry:code:read"
    CODE_WRITE = "registry:code:write"
    EXAMINATION_CHECK = "registry:examination:check"
    EXCHANGE_APPROVE = "registry:exchange:approve"
    EXCHANGE_CARRY = "registry:exchange:carry"
    EXCHANGE_MANAGE = "registry:exchange:manage"
    EXPORT_RUN = "registry:export:run"
    FAMILY_INQUIRE = "registry:family:inquire"
    FAMILY_READ = "registry:family:read"
    HISTORY_READ = "registry:history:read"
    IMPORT_RUN = "registry:import:run"
    JOB_MANAGE = "registry:job:manage"
    LICENCE_COMPLETE_REEDUCATION = "registry:licence:complete_reeducation"
    LICENCE_CORRECT = "registry:licence:correct"
    LICENCE_LIFT_SUSPENSION = "registry:licence:lift_suspension"
    LICENCE_ORDER_REEDUCATION = "registry:licence:order_reeducation"
    LICENCE_READ = "registry:licence:read"
    LICENCE_REGISTER = "registry:licence:register"
    LICENCE_REISSUE = "registry:licence:reissue"
    LICENCE_REPRIMAND = "registry:licence:reprimand"
    LICENCE_RESTORE = "registry:licence:restore"
    LICENCE_REVOKE = "registry:licence:revoke"
    LICENCE_STRIKE_OFF = "registry:licence:strike_off"
    LICENCE_SUSPEND = "registry:licence:suspend"
    LICENCE_UNDO_STRIKE_OFF = "registry:licence:undo_strike_off"
    LINK_MANAGE = "registry:link:manage"
    LINK_SEND = "registry:link:send"
    NUMBER_DESTROY = "registry:number:destroy"
    NUMBER_ENROL = "registry:number:enrol"
    NUMBER_FIND = "registry:number:find"
    NUMBER_REVEAL = "registry:number:reveal"
    NUMBER_SEND = "registry:number:send"
    PARTNER_APPLY = "registry:partner:apply"
    PARTNER_APPROVE = "registry:partner:approve"
    PARTNER_READ = "registry:partner:read"
    PARTNER_SUSPEND = "registry:partner:suspend"
    PERSONAL_READ = "registry:personal:read"
    PORTAL_LINK = "registry:portal:link"
    REPLY_READ = "registry:reply:read"
    REPLY_WRITE = "registry:reply:write"
    RESIDENT_APPROVE = "registry:resident:approve"
    RESIDENT_ASK = "registry:resident:ask"
    RESIDENT_READ = "registry:resident:read"
    RESIDENT_SEARCH = "registry:resident:search"
    SENSITIVE_READ = "registry:sensitive:read"


_VIEW = frozenset({Permission.CODE_READ, Permission.LICENCE_READ})
_CLERK = _VIEW | {
    Permission.EXAMINATION_CHECK,
    Permission.HISTORY_READ,
    Permission.LICENCE_CORRECT,
    Permission.LICENCE_REGISTER,
    Permission.LICENCE_REISSUE,
    Permission.NUMBER_ENROL,
    Permission.NUMBER_FIND,
    Permission.PERSONAL_READ,
    Permission.PORTAL_LINK,
    Permission.REPLY_READ,
    Permission.RESIDENT_SEARCH,
}
_OFFICER = _CLERK | {
    Permission.CHECK_DECIDE,
    Permission.CHECK_OPEN,
    Permission.CHECK_PLAN,
    Permission.CHECK_READ,
    Permission.FAMILY_INQUIRE,
    Permission.FAMILY_READ,
    Permission.LICENCE_COMPLETE_REEDUCATION,
    Permission.LICENCE_LIFT_SUSPENSION,
    Permission.LICENCE_ORDER_REEDUCATION,
    Permission.LICENCE_REPRIMAND,
    Permission.LICENCE_RESTORE,
    Permission.LICENCE_REVOKE,
    Permission.LICENCE_STRIKE_OFF,
    Permission.LICENCE_SUSPEND,
    Permission.LICENCE_UNDO_STRIKE_OFF,
    Permission.NUMBER_DESTROY,
    Permission.PARTNER_APPLY,
    Permission.PARTNER_READ,
    Permission.PARTNER_SUSPEND,
    Permission.RESIDENT_ASK,
    Permission.RESIDENT_READ,
    Permission.SENSITIVE_READ,
}


class Role(StrEnum):
    """A post in the office."""

    VIEWER = "viewer"
    CLERK = "clerk"
    OFFICER = "officer"
    NUMBER_OFFICER = "number_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Mapping[Role, Texts] = {
    Role.VIEWER: ("閲覧者", "Viewer"),
    Role.CLERK: ("登録担当", "Clerk"),
    Role.OFFICER: ("処分担当", "Officer"),
    Role.NUMBER_OFFICER: ("番号担当", "Number officer"),
    Role.AUDITOR: ("監査担当", "Auditor"),
    Role.ADMINISTRATOR: ("管理担当", "Administrator"),
}
"""What the office calls them."""
ROLES: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEW,
    Role.CLERK: _CLERK,
    Role.OFFICER: _OFFICER,
    Role.NUMBER_OFFICER: _CLERK | {Permission.NUMBER_REVEAL},
    Role.AUDITOR: _VIEW
    | {
        Permission.AUDIT_READ,
        Permission.FAMILY_READ,
        Permission.HISTORY_READ,
        Permission.PARTNER_READ,
        Permission.RESIDENT_READ,
    },
    Role.ADMINISTRATOR: _OFFICER
    | {
        Permission.CHECK_APPROVE,
        Permission.CHECK_RULE,
        Permission.CODE_WRITE,
        Permission.EXCHANGE_APPROVE,
        Permission.EXCHANGE_CARRY,
        Permission.EXCHANGE_MANAGE,
        Permission.EXPORT_RUN,
        Permission.IMPORT_RUN,
        Permission.JOB_MANAGE,
        Permission.LINK_MANAGE,
        Permission.LINK_SEND,
        Permission.PARTNER_APPROVE,
        Permission.REPLY_WRITE,
        Permission.RESIDENT_APPROVE,
    },
}
