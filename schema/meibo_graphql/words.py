"""The words of the sets that core closes, as people read them: Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping

from meibo.items.texts import Texts
from meibo.professions.verbs import Verb
from meibo.register.dispositions import DispositionState
from meibo.register.fold import State

STATES: Mapping[State, Texts] = {
    State.REGISTERED: ("登録中", "Registered"),
    State.SUSPENDED: ("業務停止中", "Suspended"),
    State.REVOKED: ("免許取消", "Revoked"),
    State.STRUCK_OFF: ("まっ消", "Struck off"),
    State.EXPIRED: ("期限満了", "Expired"),
}
DISPOSITION_STATES: Mapping[DispositionState, Texts] = {
    DispositionState.ORDERED: ("処分前", "Ordered"),
    DispositionState.IN_FORCE: ("処分中", "In force"),
    DispositionState.ENDED: ("終了", "Ended"),
    DispositionState.LIFTED: ("解除", "Lifted"),
}
VERBS: Mapping[Verb, Texts] = {
    Verb.REGISTER: ("新規登録", "Registration"),
    Verb.CORRECT: ("籍（名簿）訂正", "Correction"),
    Verb.REISSUE: ("再交付", "Reissue"),
    Verb.REPRIMAND: ("戒告", "Reprimand"),
    Verb.SUSPEND: ("業務停止", "Suspension"),
    Verb.LIFT_SUSPENSION: ("停止解除", "Suspension lifted"),
    Verb.REVOKE: ("免許取消", "Revocation"),
    Verb.RESTORE: ("再免許", "Restored"),
    Verb.ORDER_REEDUCATION: ("再教育研修命令", "Re-education ordered"),
    Verb.COMPLETE_REEDUCATION: ("再教育研修修了登録", "Re-education completed"),
    Verb.STRIKE_OFF: ("まっ消", "Striking off"),
    Verb.UNDO_STRIKE_OFF: ("消除取消", "Striking off undone"),
}
